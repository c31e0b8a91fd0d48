package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.core.lifecycle.LifecyclePage;
import io.gantry.core.operation.OperationProbe.Phase;
import io.gantry.core.operation.OperationProbe.Point;
import io.gantry.error.ComputeException;
import io.gantry.error.NotFound;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.operation.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The guide's page on the lifecycle shows the transition table as it is, and for each step of each verb what comes of its
 * failure, which is found out here by making it fail. Run with {@code -Dgantry.docs.write=true} to write the page.
 */
final class LifecyclePageTest {
    private static final Path PAGE = Path.of("..", "docs", "guide", "lifecycle.md");

    @TempDir
    Path directory;

    @Test
    void theGuideShowsTheTransitionsAndWhatFailuresLeave() throws IOException {
        List<LifecyclePage.Failure> failures = new ArrayList<>();
        for (Scenes scene : Scenes.values()) {
            for (String step : scene.isFirst() ? steps(scene) : List.<String>of()) {
                failures.add(failing(scene, step));
            }
        }
        String page = LifecyclePage.render(failures);
        if (Boolean.getBoolean("gantry.docs.write")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, page);
        }

        assertEquals(Files.readString(PAGE), page, "docs/guide/lifecycle.md says how to renew it");
    }

    private List<String> steps(Scenes scene) {
        List<String> steps = new CopyOnWriteArrayList<>();
        JournalProbe probe = new JournalProbe(scene.verb(), point -> {
            if (point.phase() == Phase.DONE) {
                steps.add(point.step());
            }
        });
        try (SimEngine engine = scene.open(directory, probe)) {
            InstanceId id = scene.set(engine);
            probe.arm();
            scene.act(engine, id).await(SimEngine.PATIENCE);
            scene.mend(engine.fleet());
        }
        return steps;
    }

    private LifecyclePage.Failure failing(Scenes scene, String step) {
        List<Point> points = new CopyOnWriteArrayList<>();
        JournalProbe probe = new JournalProbe(scene.verb(), points::add);
        try (SimEngine engine = scene.open(directory, probe)) {
            InstanceId id = scene.set(engine);
            probe.failAt(step);
            probe.arm();
            String code = "none";
            Operation<?> operation = scene.act(engine, id);
            try {
                operation.await(SimEngine.PATIENCE);
            } catch (ComputeException e) {
                code = e.code();
            }
            scene.mend(engine.fleet());
            SimEngine.await(
                    scene + " failing at " + step + " leaves nothing out of order",
                    () -> engine.compute().audit().isEmpty());
            InstanceId instance =
                    scene == Scenes.CREATE ? InstanceId.of(operation.resource().id()) : id;
            String undone = points.stream()
                    .filter(point -> point.phase() == Phase.UNDONE)
                    .map(Point::step)
                    .collect(Collectors.joining(", "));
            return new LifecyclePage.Failure(scene.verb(), step, undone, code, after(scene, engine, instance));
        }
    }

    /** The state of the instance, once it is what its guest's power state says. */
    private static String after(Scenes scene, SimEngine engine, InstanceId id) {
        if (scene == Scenes.IMPORT_IMAGE) {
            return engine.compute().images().list().size() == 1 ? "no image" : "an image";
        }
        try {
            SimEngine.await("the record of " + id + " follows its guest", () -> follows(engine, id));
            return engine.compute().instances().get(id).state().name();
        } catch (NotFound e) {
            return "gone";
        }
    }

    private static boolean follows(SimEngine engine, InstanceId id) {
        Instance instance = engine.compute().instances().get(id);
        boolean onHost = engine.fleet().copies(id).size() == 1;
        return !onHost || engine.fleet().guest(id).power() == instance.power();
    }

    @Test
    void eachVerbHasAtLeastOneStep() {
        for (Scenes scene : Scenes.values()) {
            assertTrue(!steps(scene).isEmpty(), scene.name());
        }
    }
}
