package io.gantry.core.migration;

import io.gantry.core.operation.StepContext;
import io.gantry.host.HostId;
import io.gantry.migration.MigrationPhase;
import io.gantry.migration.MigrationProgress;
import io.gantry.migration.MigrationStatistics;

/** Turns a sample of statistics into progress. */
final class MigrationProgresses {
    private MigrationProgresses() {}

    static void report(
            StepContext context, MigrationPhase phase, HostId source, HostId target, MigrationStatistics sample) {
        context.progress(percent(phase, sample), new MigrationProgress(phase, source, target, sample));
    }

    /** What is still to move, of all that is to move; pages that are moved again make it fall back at times. */
    static int percent(MigrationPhase phase, MigrationStatistics sample) {
        if (phase.compareTo(MigrationPhase.PRE_COPY) < 0) {
            return 0;
        }
        if (phase.compareTo(MigrationPhase.STOP_AND_COPY) > 0) {
            return 100;
        }
        if (sample.memoryTotal() <= 0) {
            return 0;
        }
        double left = (double) sample.memoryRemaining() / sample.memoryTotal();
        return (int) Math.round(100 * (1 - Math.min(1, Math.max(0, left))));
    }
}
