package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.core.operation.OperationProbe;
import io.gantry.core.operation.OperationProbe.Phase;
import io.gantry.core.operation.OperationProbe.Point;
import io.gantry.error.ComputeException;
import io.gantry.instance.InstanceId;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationId;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Stops engines dead at points of a verb's journal, has others carry on, and wakes the first ones up, which find themselves
 * fenced.
 */
final class CrashDrill {
    private final Path directory;
    private final boolean pinned;

    /**
     * @param directory where the engines are
     * @param pinned whether hosts have NUMA cells and instances dedicated CPUs
     */
    CrashDrill(Path directory, boolean pinned) {
        this.directory = directory;
        this.pinned = pinned;
    }

    void carriedOnFromEachPoint(Scenes scene) {
        for (Point point : points(scene, false)) {
            carriedOn(scene, point, false);
        }
    }

    void undoneFromEachPoint(Scenes scene) {
        for (Point point : points(scene, true)) {
            if (point.phase() == Phase.UNDOING || point.phase() == Phase.UNDONE) {
                carriedOn(scene, point, true);
            }
        }
    }

    /** The points of a verb that succeeds, or of one whose last step fails. */
    private List<Point> points(Scenes scene, boolean failing) {
        List<Point> points = new CopyOnWriteArrayList<>();
        JournalProbe probe = new JournalProbe(scene.verb(), points::add);
        try (SimEngine engine = scene.open(directory, probe, pinned)) {
            InstanceId id = scene.set(engine);
            if (failing) {
                probe.failAt(lastStep(scene));
            }
            probe.arm();
            end(scene.act(engine, id));
            scene.mend(engine.fleet());
        }
        assertTrue(!points.isEmpty(), scene + " passes no point");
        return points;
    }

    private String lastStep(Scenes scene) {
        List<Point> points = points(scene, false);
        return points.stream()
                .filter(point -> point.phase() == Phase.DONE)
                .reduce((one, other) -> other)
                .orElseThrow()
                .step();
    }

    static void end(Operation<?> operation) {
        try {
            operation.await(SimEngine.PATIENCE);
        } catch (ComputeException e) {
            assertTrue(operation.status().ended(), "it ended, if only by " + e.code());
        }
    }

    private void carriedOn(Scenes scene, Point point, boolean failing) {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch wake = new CountDownLatch(1);
        JournalProbe probe = new JournalProbe(scene.verb(), seen -> {
            if (seen.step().equals(point.step()) && seen.phase() == point.phase()) {
                reached.countDown();
                wake.await();
            }
        });
        String where = scene + " stopped at " + point.step() + " " + point.phase();
        SimEngine first = scene.open(directory, probe, pinned);
        OperationId id;
        try {
            InstanceId instance = scene.set(first);
            if (failing) {
                probe.failAt(lastStep(scene));
            }
            probe.arm();
            id = scene.act(first, instance).id();
            await(reached, where);
            SimEngine second = first.another(builder -> scene.settings(builder, OperationProbe.NONE));
            try {
                SimEngine.await(
                        where + ": all operations end",
                        () -> second.compute().runningOperations().isEmpty());
                end(second.compute().operation(id));
                wake.countDown();
                scene.mend(second.fleet());
                SimEngine.await(where + ": nothing is left to remove", () -> second.rows("leftover") == 0);
                SimEngine.await(
                        where + ": the audit is empty",
                        () -> second.compute().audit().isEmpty());
                scene.check(second);
                if (pinned) {
                    PinnedHosts.requireAgreement(second);
                }
            } catch (AssertionError e) {
                throw new AssertionError(
                        where + ": " + second.compute().audit() + " "
                                + second.compute().instances().list(),
                        e);
            } finally {
                second.leave();
            }
        } finally {
            wake.countDown();
            first.close();
        }
    }

    private static void await(CountDownLatch reached, String where) {
        try {
            assertTrue(reached.await(30, TimeUnit.SECONDS), where + " was not reached");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(where, e);
        }
    }
}
