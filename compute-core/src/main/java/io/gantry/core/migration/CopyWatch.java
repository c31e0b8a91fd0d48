package io.gantry.core.migration;

import io.gantry.error.ComputeException;
import io.gantry.error.ResourceRef;
import io.gantry.migration.MigrationStatistics;
import io.gantry.spi.driver.MigrationJob;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Watches a memory copy: samples its statistics, and aborts it at the deadline or when its owner asks. */
final class CopyWatch {
    private static final Duration SAMPLE = Duration.ofMillis(200);

    /** How long an aborted copy has to end before nobody waits for it any more. */
    private static final Duration ABORT = Duration.ofSeconds(60);

    private final MigrationJob job;
    private final Duration deadline;
    private final Consumer<MigrationStatistics> samples;

    CopyWatch(MigrationJob job, Duration deadline, Consumer<MigrationStatistics> samples) {
        this.job = job;
        this.deadline = deadline;
        this.samples = samples;
    }

    /**
     * Waits for the end.
     *
     * @return the statistics of the finished job
     * @throws ComputeException if it failed, or was aborted and the guest stayed
     */
    MigrationStatistics await(BooleanSupplier cancelRequested) throws InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        while (!job.await(SAMPLE)) {
            samples.accept(job.statistics());
            if (cancelRequested.getAsBoolean()) {
                return abort("its owner cancelled it");
            }
            if (System.nanoTime() > end) {
                return abort("its deadline of " + deadline + " passed before the memory copy converged");
            }
        }
        return job.statistics();
    }

    private MigrationStatistics abort(String why) throws InterruptedException {
        job.abort();
        try {
            if (job.await(ABORT)) {
                // The copy was over before the abort reached it.
                return job.statistics();
            }
        } catch (ComputeException e) {
            CopyAborted aborted = new CopyAborted("it was aborted, since " + why);
            aborted.addSuppressed(e);
            throw aborted;
        }
        throw new CopyAborted("it was aborted, since " + why + ", but did not end within " + ABORT);
    }

    /** The copy did not end by itself. */
    static final class CopyAborted extends ComputeException {
        private static final long serialVersionUID = 1L;

        CopyAborted(String problem) {
            super("COPY_ABORTED", true, new ResourceRef("job", "memory copy"), problem, "Try again", null);
        }
    }
}
