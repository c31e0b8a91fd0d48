package io.gantry.driver.libvirt;

import io.gantry.driver.libvirt.port.JobStatistics;
import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.xml.XmlText;
import io.gantry.error.ComputeException;
import io.gantry.error.Conflict;
import io.gantry.error.HypervisorError;
import io.gantry.instance.InstanceId;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies one disk of a domain that is on, as it is at one moment, to a file that stands alone. It takes as long as it
 * takes, and no thread of the host's meanwhile; a copy that is not finished in time is stopped.
 */
public final class DiskBackup {
    private static final Logger LOG = LoggerFactory.getLogger(DiskBackup.class);
    /** {@code VIR_DOMAIN_JOB_OPERATION_BACKUP}: a migration is not to be stopped here. */
    private static final int OPERATION_BACKUP = 9;

    // An event tells of the end at once; who looks, asks the hypervisor, which storage may keep from answering for
    // long.
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);
    private static final int LOOK_DEADLINES = 6;
    private static final Duration BETWEEN_STOPS = Duration.ofMillis(100);
    private static final Duration LATE_EVENT = Duration.ofSeconds(2);
    private static final Duration STOPPING = Duration.ofSeconds(30);

    private final LibvirtHost host;

    /**
     * Creates it for a host.
     *
     * @param host the host
     */
    public DiskBackup(LibvirtHost host) {
        this.host = host;
    }

    /**
     * Copies a disk.
     *
     * @param domain the domain
     * @param device the disk's target, such as {@code vda}
     * @param path an empty QCOW2 file of the disk's size
     * @param timeout how long it may take
     * @throws HypervisorError if it fails, or was stopped because it took too long
     * @throws Conflict if another job keeps the domain busy
     * @throws InterruptedException if interrupted; the copy was stopped
     */
    public void run(InstanceId domain, String device, String path, Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        CompletableFuture<JobStatistics> ended = host.expectJob(domain);
        boolean whole = false;
        try {
            host.change("begin to copy a disk of " + domain, timeout, port -> {
                try {
                    port.domains().beginBackup(domain.value(), xml(device, path));
                    return true;
                } catch (LibvirtError e) {
                    throw GuestLifecycle.failure(domain, e);
                }
            });
            JobStatistics last = await(domain, ended, end, timeout);
            whole = last.success().orElse(false);
            if (!whole) {
                throw failed(
                        LibvirtError.OPERATION_FAILED,
                        "the copy of " + device + " of " + domain + " failed: "
                                + last.problem().orElse("libvirt does not say why"));
            }
        } finally {
            host.forgetJob(domain, ended);
            if (!whole) {
                stop(domain);
            }
        }
    }

    private static String xml(String device, String path) {
        return XmlText.document(
                "domainbackup",
                xml -> xml.attribute("mode", "push")
                        .element(
                                "disks",
                                disks -> disks.element(
                                        "disk",
                                        disk -> disk.attribute("name", device)
                                                .attribute("type", "file")
                                                .element("driver", driver -> driver.attribute("type", "qcow2"))
                                                .element("target", target -> target.attribute("file", path)))));
    }

    private JobStatistics await(InstanceId domain, CompletableFuture<JobStatistics> ended, long end, Duration timeout)
            throws InterruptedException {
        while (true) {
            Optional<JobStatistics> last = within(ended, shorter(BETWEEN_LOOKS, end));
            if (last.isPresent()) {
                return last.get();
            }
            if (System.nanoTime() - end > 0) {
                throw failed(
                        LibvirtError.OPERATION_TIMEOUT,
                        "the copy of a disk of " + domain + " was not finished within " + timeout);
            }
            if (!runs(domain)) {
                // The event is on its way, or was lost with a connection.
                Optional<JobStatistics> late = within(ended, LATE_EVENT);
                return late.isPresent() ? late.get() : kept(domain.value());
            }
        }
    }

    private static Duration shorter(Duration pause, long end) {
        Duration left = Duration.ofNanos(Math.max(1_000_000, end - System.nanoTime() + 1_000_000));
        return left.compareTo(pause) < 0 ? left : pause;
    }

    /** How long a question to the hypervisor itself may take. */
    private Duration patience() {
        return host.callDeadline().multipliedBy(LOOK_DEADLINES);
    }

    private static Optional<JobStatistics> within(CompletableFuture<JobStatistics> ended, Duration patience)
            throws InterruptedException {
        try {
            return Optional.of(ended.get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody completes it exceptionally", e);
        }
    }

    private boolean runs(InstanceId domain) {
        return host.read("read job of " + domain, patience(), port -> {
            try {
                return port.migrations()
                        .job(domain.value())
                        .filter(job -> job.number("operation").orElse(0) == OPERATION_BACKUP)
                        .isPresent();
            } catch (LibvirtError e) {
                if (e.code() == LibvirtError.NO_DOMAIN) {
                    return false;
                }
                throw e;
            }
        });
    }

    private JobStatistics kept(UUID domain) {
        return host.read(
                        "read last job of " + domain,
                        patience(),
                        port -> port.migrations().completedJob(domain))
                .orElseThrow(() -> failed(
                        LibvirtError.OPERATION_FAILED,
                        "the copy of a disk of " + domain + " ended with the domain, or without a trace"));
    }

    /**
     * Stops the job that runs on a domain, if there is one, and waits for its end.
     *
     * @param domain the domain
     */
    public void stop(InstanceId domain) {
        boolean interrupted = Thread.interrupted(); // or no call would be made
        try {
            long end = System.nanoTime() + STOPPING.toNanos();
            while (runs(domain) && System.nanoTime() - end < 0) {
                host.change("stop the copy of a disk of " + domain, patience(), port -> {
                    try {
                        port.migrations().abortJob(domain.value());
                    } catch (LibvirtError e) {
                        if (e.code() != LibvirtError.OPERATION_INVALID && e.code() != LibvirtError.NO_DOMAIN) {
                            throw e;
                        } // else it has ended
                    }
                    return true;
                });
                TimeUnit.MILLISECONDS.sleep(BETWEEN_STOPS.toMillis());
            }
        } catch (InterruptedException e) {
            interrupted = true;
            LOG.warn("Host {}: interrupted while a copy of a disk of {} was stopped", host.id(), domain, e);
        } catch (ComputeException e) {
            // What made it stop matters more; the file stays marked as a part.
            LOG.warn("Host {}: the copy of a disk of {} could not be stopped", host.id(), domain, e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private HypervisorError failed(int code, String problem) {
        return new HypervisorError(host.id(), code, 0, problem, null);
    }
}
