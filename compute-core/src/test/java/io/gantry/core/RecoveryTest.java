package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.core.operation.OperationProbe;
import io.gantry.core.operation.OperationProbe.Phase;
import io.gantry.core.operation.OperationProbe.Point;
import io.gantry.error.ComputeException;
import io.gantry.instance.InstanceId;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationId;
import io.gantry.operation.RequestOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * At each point of the journal of each verb the engine stops dead, and another one carries on from its journal. The first
 * one then wakes up, as after a pause of its process: it finds itself fenced, and does nothing any more.
 */
final class RecoveryTest {
    @TempDir
    Path directory;

    @Test
    void everyVerbOfTheEngineHasAScene() {
        try (SimEngine engine = Scenes.CREATE.open(directory, OperationProbe.NONE)) {
            Set<String> known = Stream.of(Scenes.values()).map(Scenes::verb).collect(Collectors.toSet());

            assertEquals(new TreeSet<>(known), new TreeSet<>(((ComputeEngine) engine.compute()).verbs()));
        }
    }

    @ParameterizedTest
    @EnumSource(Scenes.class)
    void aVerbIsCarriedOnFromEachPointOfItsJournal(Scenes scene) {
        for (Point point : points(scene, false)) {
            carriedOn(scene, point, false);
        }
    }

    @ParameterizedTest
    @EnumSource(Scenes.class)
    void aVerbIsUndoneFromEachPointOfItsJournal(Scenes scene) {
        for (Point point : points(scene, true)) {
            if (point.phase() == Phase.UNDOING || point.phase() == Phase.UNDONE) {
                carriedOn(scene, point, true);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Scenes.class)
    void deletingLeavesNothingFromTheStateThatEachVerbLeads(Scenes scene) {
        for (boolean before : new boolean[] {true, false}) {
            try (SimEngine engine = scene.open(directory, OperationProbe.NONE)) {
                InstanceId id = scene.set(engine);
                if (!before) {
                    end(scene.act(engine, id));
                }
                scene.mend(engine.fleet());
                engine.compute()
                        .instances()
                        .list()
                        .forEach(left ->
                                end(engine.compute().instances().forceDelete(left.id(), RequestOptions.none())));

                SimEngine.await(
                        scene + " leaves nothing",
                        () -> engine.rows("claim") == 0
                                && engine.rows("quota-charge") == 0
                                && engine.rows("leftover") == 0
                                && engine.fleet().disks() == 0
                                && engine.compute().audit().isEmpty());
            }
        }
    }

    /** The points of a verb that succeeds, or of one whose last step fails. */
    private List<Point> points(Scenes scene, boolean failing) {
        List<Point> points = new CopyOnWriteArrayList<>();
        JournalProbe probe = new JournalProbe(scene.verb(), points::add);
        try (SimEngine engine = scene.open(directory, probe)) {
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

    private static void end(Operation<?> operation) {
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
        SimEngine first = scene.open(directory, probe);
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
