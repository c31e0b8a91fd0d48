package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.core.operation.OperationProbe;
import io.gantry.instance.InstanceId;
import io.gantry.operation.RequestOptions;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
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
        new CrashDrill(directory, false).carriedOnFromEachPoint(scene);
    }

    @ParameterizedTest
    @EnumSource(Scenes.class)
    void aVerbIsUndoneFromEachPointOfItsJournal(Scenes scene) {
        new CrashDrill(directory, false).undoneFromEachPoint(scene);
    }

    @ParameterizedTest
    @EnumSource(Scenes.class)
    void deletingLeavesNothingFromTheStateThatEachVerbLeads(Scenes scene) {
        for (boolean before : new boolean[] {true, false}) {
            try (SimEngine engine = scene.open(directory, OperationProbe.NONE)) {
                InstanceId id = scene.set(engine);
                if (!before) {
                    CrashDrill.end(scene.act(engine, id));
                }
                scene.mend(engine.fleet());
                engine.compute()
                        .instances()
                        .list()
                        .forEach(left -> CrashDrill.end(
                                engine.compute().instances().forceDelete(left.id(), RequestOptions.none())));

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
}
