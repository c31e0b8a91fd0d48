package io.gantry.tck;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Runs clean-up steps so that none is skipped because an earlier one failed. */
final class Throwables {
    private Throwables() {}

    static void runAll(List<Callable<Void>> steps) throws Exception {
        @Nullable Throwable first = null;
        for (Callable<Void> step : steps) {
            try {
                step.call();
            } catch (Exception | AssertionError e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first instanceof Exception exception) {
            throw exception;
        }
        if (first instanceof Error error) {
            throw error;
        }
    }
}
