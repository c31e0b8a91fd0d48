package io.gantry.driver.sim;

import io.gantry.error.HypervisorError;
import io.gantry.error.OutcomeUnknown;
import io.gantry.migration.MigrationStatistics;
import io.gantry.spi.driver.MigrationJob;
import io.gantry.spi.driver.MigrationTuning;
import io.gantry.unit.Bandwidth;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A live migration. Copies the pages in passes, each of those that were written during the pass before, until what is
 * left can be sent within the allowed downtime; then the guest stands still for the last pass and is handed over.
 *
 * <p>Works in slices on the fleet's clock, so that no thread waits while the link is busy. Guarded by the guest's lock.
 */
final class PrecopyJob implements MigrationJob {
    private static final long SLICE_NANOS = 10_000_000;
    private static final int SLICE_PAGES = 1024;
    private static final double SECOND = 1e9;
    // Below this a measured rate says more about the timer than about the link.
    private static final long MEASURABLE_BYTES = 1 << 20;

    private final Guest guest;
    private final HostNode source;
    private final HostNode target;
    private final Incoming incoming;
    private final MigrationTuning tuning;
    private final Surroundings surroundings;
    private final long began;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Ram ram;
    private final PageBits log;
    private final PageBits pass;
    private long due;
    private long iteration = 1;
    private long sentPages;
    private long passBegan;
    private long passPages;
    private long passSent;
    private double dirtyRate;
    private double bandwidth;
    private boolean standing;
    private long stoodSince;
    private @Nullable Duration downtime;
    private @Nullable Duration elapsed;

    /** Creates the job; the guest's lock is held, the guest is on, and {@link #begin} follows. */
    PrecopyJob(
            Guest guest,
            HostNode source,
            HostNode target,
            Incoming incoming,
            MigrationTuning tuning,
            Surroundings surroundings) {
        this.guest = guest;
        this.source = source;
        this.target = target;
        this.incoming = incoming;
        this.tuning = tuning;
        this.surroundings = surroundings;
        this.began = surroundings.nanos();
        this.ram = guest.ram();
        this.log = new PageBits(ram.table().size());
        this.pass = new PageBits(ram.table().size());
    }

    void begin() {
        guest.migration(this);
        surroundings.migrations().add(this);
        source.link().enter();
        target.link().enter();
        ram.track(log);
        due = began;
        nextPass(began);
        schedule();
    }

    boolean fills(Incoming other) {
        return incoming == other;
    }

    @Override
    public boolean await(Duration timeout) throws InterruptedException {
        if (!Waits.await(surroundings.clock(), ended, timeout)) {
            return false;
        }
        if (!source.gate().answers()) {
            throw new OutcomeUnknown(
                    source.name(), "the migration of " + guest.id() + " ended, its answer was lost", null);
        }
        try {
            ended.join();
            return true;
        } catch (CompletionException e) {
            throw new HypervisorError(source.name(), 0, 0, "the migration of " + guest.id() + " " + why(e), null);
        }
    }

    private static String why(CompletionException e) {
        return e.getCause() == null ? "failed" : String.valueOf(e.getCause().getMessage());
    }

    @Override
    public void abort() {
        fail("was aborted");
    }

    /** The target gives up what has arrived, as hypervisors do whose stream breaks. Does nothing unless the job has failed. */
    void dropArrived() {
        if (ended.isCompletedExceptionally() && target.arriving().get(guest.id()) == incoming) {
            target.abandon(guest.id());
        }
    }

    /** Ends without success; the guest stays where it is. Does nothing if the job has ended. */
    void fail(String why) {
        guest.lock.lock();
        try {
            if (!ended.isDone()) {
                elapsed = Duration.ofNanos(surroundings.nanos() - began);
                release();
                guest.stayAfterMigration();
                ended.completeExceptionally(new IllegalStateException(why));
            }
        } finally {
            guest.lock.unlock();
        }
    }

    @Override
    public MigrationStatistics statistics() {
        guest.lock.lock();
        try {
            long now = surroundings.nanos();
            Duration since = elapsed == null ? Duration.ofNanos(now - began) : elapsed;
            long remaining = ended.isDone() && !ended.isCompletedExceptionally() ? 0 : pass.count() + log.count();
            return new MigrationStatistics(
                    since,
                    bytes(ram.table().size()),
                    bytes(sentPages),
                    bytes(remaining),
                    new Bandwidth((long) dirtyRate),
                    new Bandwidth((long) bandwidth),
                    iteration,
                    Optional.ofNullable(downtime),
                    Map.of("pass-pages", Long.toString(passPages), "pages-sent", Long.toString(sentPages)));
        } finally {
            guest.lock.unlock();
        }
    }

    private void schedule() {
        surroundings.clock().schedule(due, this::slice);
    }

    private void slice() {
        guest.lock.lock();
        try {
            if (ended.isDone()) {
                return;
            }
            String broken = broken();
            if (broken != null) {
                fail(broken);
                return;
            }
            long now = surroundings.nanos();
            if (pass.count() > 0) {
                copySlice();
            } else if (standing) {
                switchOver(now);
            } else {
                endPass(now);
                schedule();
            }
        } catch (RuntimeException e) {
            // Nobody else would hear of it, and whoever awaits the job would wait for ever.
            fail("failed by a fault of the simulator: " + e);
        } finally {
            guest.lock.unlock();
        }
    }

    private @Nullable String broken() {
        if (!source.gate().linkUp()) {
            return "failed: the source lost its network";
        }
        return target.gate().linkUp() ? null : "failed: the target lost its network";
    }

    private void copySlice() {
        double rate = rate();
        int most = (int) Math.max(1, Math.min(SLICE_PAGES, rate * SLICE_NANOS / SECOND / Workload.PAGE_BYTES));
        int copied = Math.min(most, pass.count());
        if (!incoming.receive(ram.table(), pass, copied)) {
            fail("failed: the target abandoned it");
            return;
        }
        sentPages += copied;
        passSent += copied;
        due += Math.max(1, (long) (bytes(copied) / rate * SECOND));
        schedule();
    }

    /** A pass is over: what has been written since is the next one, the last one if it is small enough. */
    private void endPass(long now) {
        guest.ram();
        double seconds = Math.max(1, now - passBegan) / SECOND;
        if (bytes(passSent) >= MEASURABLE_BYTES || bandwidth == 0) {
            bandwidth = passSent == 0 ? rate() : bytes(passSent) / seconds;
        }
        dirtyRate = now == passBegan ? dirtyRate : bytes(log.count()) / seconds;
        double speed = Math.min(rate(), bandwidth);
        if (!standing
                && bytes(log.count()) / speed * SECOND <= tuning.maxDowntime().toNanos()) {
            guest.freeze();
            // What it wrote between the last look and its standstill belongs to the last pass.
            guest.ram();
            standing = true;
            stoodSince = now;
        }
        iteration++;
        nextPass(now);
    }

    private void nextPass(long now) {
        log.moveTo(pass);
        passBegan = now;
        passSent = 0;
        passPages = pass.count();
        due = Math.max(due, now);
    }

    private void switchOver(long now) {
        if (log.count() != 0) {
            throw new IllegalStateException(log.count() + " pages were written while the guest stood still");
        }
        String refused = target.accept(guest, incoming, source);
        if (refused != null) {
            fail("failed: " + refused);
            return;
        }
        downtime = Duration.ofNanos(now - stoodSince);
        elapsed = Duration.ofNanos(now - began);
        release();
        ended.complete(null);
    }

    private void release() {
        surroundings.migrations().remove(this);
        source.link().leave();
        target.link().leave();
    }

    private double rate() {
        long rate = Math.min(source.link().share(), target.link().share());
        long bound = tuning.maxBandwidth().bytesPerSecond();
        return Math.max(1, bound == 0 ? rate : Math.min(rate, bound));
    }

    private static long bytes(long pages) {
        return pages * Workload.PAGE_BYTES;
    }
}
