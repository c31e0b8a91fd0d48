package io.gantry.samples.quickstart;

import io.gantry.error.ComputeException;
import io.gantry.event.Subscription;
import io.gantry.host.Host;
import io.gantry.instance.Instance;
import io.gantry.migration.MigrationProgress;
import io.gantry.migration.MigrationReport;
import io.gantry.migration.PhaseTiming;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationProgress;
import io.gantry.placement.PlacementReport;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Tells what happens, with a progress bar where there is a terminal. */
final class QuickstartOutput {
    private static final int WIDTH = 100;
    private static final int UPDATE_MILLIS = 200;

    private final PrintStream out;
    private final boolean terminal;

    QuickstartOutput(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    void host(Host host) {
        out.printf(
                Locale.ROOT,
                "Host %s: %s %s, %d vCPU, %s%n",
                host.id(),
                host.inventory().hypervisorType(),
                host.inventory().hypervisorVersion(),
                host.inventory().vcpus(),
                host.inventory().memory());
    }

    void created(Instance instance, PlacementReport report) {
        out.printf("%nInstance %s is %s on %s, because:%n", instance.name(), instance.state(), where(instance));
        report.table().lines().forEach(line -> out.println("  " + line));
    }

    /** Shows a migration's progress, and waits for its end. */
    MigrationReport follow(Operation<MigrationReport> move, Duration patience) {
        out.printf("%nMigrating live:%n");
        return terminal ? followOnTerminal(move, patience) : awaitWith(move, patience, this::line);
    }

    private MigrationReport followOnTerminal(Operation<MigrationReport> move, Duration patience) {
        try (ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("  memory")
                .setInitialMax(100)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(UPDATE_MILLIS)
                .setConsumer(new ConsoleProgressBarConsumer(out, WIDTH))
                .build()) {
            MigrationReport report = awaitWith(move, patience, now -> {
                bar.stepTo(now.percent().orElse(0));
                bar.setExtraMessage(" " + words(now));
            });
            // The last progress may still be on its way to the listener.
            bar.stepTo(100);
            return report;
        }
    }

    private static MigrationReport awaitWith(
            Operation<MigrationReport> move, Duration patience, Consumer<OperationProgress> listener) {
        Subscription progress = move.onProgress(listener);
        try {
            return move.await(patience);
        } finally {
            progress.close();
        }
    }

    private void line(OperationProgress now) {
        if (now.percent().isPresent() && !now.status().ended()) {
            out.printf(Locale.ROOT, "  %3d%% %s%n", now.percent().getAsInt(), words(now));
        }
    }

    private static String words(OperationProgress now) {
        return now.detail()
                .filter(MigrationProgress.class::isInstance)
                .map(MigrationProgress.class::cast)
                .map(detail -> String.format(
                        Locale.ROOT,
                        "%s %s -> %s, %d MiB to go, dirtying %s",
                        detail.phase(),
                        detail.source(),
                        detail.target(),
                        detail.statistics().memoryRemaining() >> 20,
                        detail.statistics().dirtyRate()))
                .orElse(now.step());
    }

    void migrated(MigrationReport report) {
        out.printf("%n%s moved from %s to %s%n", report.instance().name(), report.source(), report.target());
        out.println("  phase            time");
        for (PhaseTiming phase : report.phases()) {
            out.printf(Locale.ROOT, "  %-14s %10s%n", phase.phase(), millis(phase.duration()));
        }
        out.printf(Locale.ROOT, "  %-14s %10s%n", "total", millis(report.total()));
        out.printf(Locale.ROOT, "  %-14s %10s%n", "downtime", millis(report.downtime()));
    }

    private static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%,d ms", duration.toMillis());
    }

    void deleted(Instance instance) {
        detail("Deleted " + instance.name());
    }

    void cleaningUp(boolean interrupted) {
        out.printf("%n%s%n", interrupted ? "Interrupted; cleaning up" : "Cleaning up");
    }

    void detail(String text) {
        out.println(text);
    }

    void failed(String what, ComputeException failure) {
        out.printf("%s failed: %s: %s%n", what, failure.code(), failure.getMessage());
    }

    private static String where(Instance instance) {
        return instance.host().map(Object::toString).orElse("no host");
    }
}
