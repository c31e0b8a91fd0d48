package io.gantry.driver.kvm;

import io.gantry.driver.libvirt.LibvirtHost;
import io.gantry.driver.libvirt.port.JobStatistics;
import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.port.MigrationRequest;
import io.gantry.error.ComputeException;
import io.gantry.error.Conflict;
import io.gantry.error.HypervisorError;
import io.gantry.error.UnexpectedFailure;
import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.migration.MigrationStatistics;
import io.gantry.spi.driver.MigrationJob;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A migration that the source's daemon carries out. */
final class KvmMigrationJob implements MigrationJob {
    private static final Logger LOG = LoggerFactory.getLogger(KvmMigrationJob.class);
    // Whoever started the job aborts it at the deadline; should that fail, the job aborts itself a little later.
    private static final Duration BACKSTOP = Duration.ofSeconds(5);
    // After the abort at its deadline a job gets this long to end before its connection is taken for dead.
    private static final Duration GRACE = Duration.ofSeconds(60);
    private static final Duration FINAL_FIGURES = Duration.ofSeconds(2);
    private static final long FIRST_ABORT_PAUSE_MILLIS = 100;
    private static final long LONGEST_ABORT_PAUSE_MILLIS = 2000;

    private final KvmHost host;
    private final LibvirtHost libvirt;
    private final InstanceId guest;
    private final MigrationRequest request;
    private final Duration maxDowntime;
    private final HostId target;
    private final CompletableFuture<MigrationStatistics> end = new CompletableFuture<>();
    private final CompletableFuture<Boolean> late = new CompletableFuture<>();
    private volatile MigrationStatistics last = MigrationStatistics.NONE;
    private final AtomicBoolean aborted = new AtomicBoolean();

    KvmMigrationJob(KvmHost host, InstanceId guest, MigrationRequest request, Duration maxDowntime, HostId target) {
        this.host = host;
        this.libvirt = host.libvirt();
        this.guest = guest;
        this.request = request;
        this.maxDowntime = maxDowntime;
        this.target = target;
    }

    /** Starts the job; it is aborted if it goes on after the deadline. */
    void begin(Duration deadline) {
        var unused = late.completeOnTimeout(true, deadline.plus(BACKSTOP).toMillis(), TimeUnit.MILLISECONDS)
                .thenAccept(isLate -> {
                    if (isLate) {
                        abort();
                    }
                });
        thread("migrate", () -> run(deadline));
    }

    private void thread(String purpose, Runnable task) {
        Thread thread = new Thread(task, "gantry-kvm-" + purpose + "-" + guest);
        thread.setDaemon(true);
        thread.start();
    }

    private void run(Duration deadline) {
        CompletableFuture<JobStatistics> figures = libvirt.expectJob(guest);
        try {
            libvirt.transfer("migrate guest " + guest, deadline.plus(BACKSTOP).plus(GRACE), port -> {
                if (aborted.get()) {
                    throw new Conflict(
                            guest.ref(),
                            "The migration of " + guest.ref() + " was aborted before it began",
                            "Start it again if it is still wanted");
                }
                port.migrations().setMaxDowntime(guest.value(), Math.max(1, maxDowntime.toMillis()));
                port.migrations().migrate(guest.value(), request);
                return true;
            });
            last = finalFigures(figures);
            end.complete(last);
        } catch (ComputeException e) {
            end.completeExceptionally(e); // thrown again by whoever waits
        } catch (RuntimeException | Error e) {
            end.completeExceptionally(new UnexpectedFailure(guest.ref(), "migrate guest", e));
        } finally {
            libvirt.forgetJob(guest, figures);
            late.complete(false);
        }
    }

    /**
     * The source forgets the guest and its job when it is done. Its last figures come with an event just before; should
     * the event be lost, the target keeps them, too.
     */
    private MigrationStatistics finalFigures(CompletableFuture<JobStatistics> figures) {
        try {
            return MigrationFigures.of(figures.get(FINAL_FIGURES.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException | ExecutionException e) {
            LOG.debug("Host {}: no job event for guest {}; asking the target", libvirt.id(), guest, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return last;
        }
        try {
            return host.shared()
                    .host(target.value())
                    .flatMap(other -> other.libvirt()
                            .read(
                                    "read figures of guest " + guest,
                                    port -> port.migrations().completedJob(guest.value())))
                    .map(MigrationFigures::of)
                    .orElse(last);
        } catch (ComputeException e) {
            LOG.warn("Guest {} was migrated, but its final figures are not to be had", guest, e);
            return last;
        }
    }

    @Override
    public boolean await(Duration timeout) throws InterruptedException {
        try {
            end.get(Math.max(0, timeout.toNanos()), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ComputeException failure) {
                throw failure;
            }
            throw new UnexpectedFailure(guest.ref(), "migrate guest", e);
        }
    }

    @Override
    public MigrationStatistics statistics() {
        if (!end.isDone()) {
            try {
                libvirt.read(
                                "read job of guest " + guest,
                                port -> port.migrations().job(guest.value()))
                        .map(MigrationFigures::of)
                        .ifPresent(sample -> {
                            if (!end.isDone()) {
                                last = sample;
                            }
                        });
            } catch (ComputeException e) {
                // The job tells its fate itself; until then the last figures stand.
                LOG.debug("No figures of guest {} now", guest, e);
            }
        }
        return last;
    }

    @Override
    public void abort() {
        if (!end.isDone() && !aborted.getAndSet(true)) {
            thread("abort", this::abortUntilEnded);
        }
    }

    /**
     * There is no job to abort while the source's daemon still connects to the target's, which takes minutes if that does
     * not answer: tries until there is one, or the end has come.
     */
    private void abortUntilEnded() {
        long pause = FIRST_ABORT_PAUSE_MILLIS;
        boolean warned = false;
        while (!end.isDone() && !libvirt.isClosed()) {
            try {
                libvirt.control("abort migration of guest " + guest, port -> {
                    port.migrations().abortJob(guest.value());
                    return true;
                });
            } catch (ComputeException e) {
                boolean noJobYet =
                        e instanceof HypervisorError error && error.nativeCode() == LibvirtError.OPERATION_INVALID;
                if (!noJobYet && !warned) {
                    warned = true;
                    LOG.warn("The migration of guest {} cannot be aborted yet; trying again", guest, e);
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(pause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            pause = Math.min(2 * pause, LONGEST_ABORT_PAUSE_MILLIS);
        }
    }
}
