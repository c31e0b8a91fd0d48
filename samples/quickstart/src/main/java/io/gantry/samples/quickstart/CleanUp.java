package io.gantry.samples.quickstart;

import io.gantry.Compute;
import io.gantry.error.ComputeException;
import io.gantry.instance.Instance;
import io.gantry.operation.NotCancellable;
import io.gantry.operation.Operation;
import java.time.Duration;

/** Deletes every instance at the end, also at that by Ctrl-C, which interrupts the thread. */
final class CleanUp {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Compute compute;
    private final QuickstartOutput out;

    private CleanUp(Compute compute, QuickstartOutput out) {
        this.compute = compute;
        this.out = out;
    }

    static void deleteAll(Compute compute, QuickstartOutput out) {
        new CleanUp(compute, out).run();
    }

    private void run() {
        out.cleaningUp(Thread.interrupted());
        compute.runningOperations().forEach(this::end);
        for (Instance instance : compute.instances().list()) {
            try {
                compute.instances().delete(instance.id()).await(PATIENCE);
                out.deleted(instance);
            } catch (ComputeException e) {
                out.failed("Deleting " + instance.name(), e);
            }
        }
    }

    private void end(Operation<?> operation) {
        try {
            operation.cancel();
        } catch (NotCancellable e) {
            out.detail(e.getMessage());
        }
        try {
            operation.await(PATIENCE);
        } catch (ComputeException e) {
            out.detail(operation.verb() + ": " + e.getMessage());
        }
    }
}
