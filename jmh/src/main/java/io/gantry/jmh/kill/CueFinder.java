package io.gantry.jmh.kill;

import io.gantry.core.operation.OperationProbe.Phase;
import io.gantry.core.operation.OperationProbe.Point;
import io.gantry.core.store.InMemoryStore;
import io.gantry.driver.sim.SimFleet;
import io.gantry.error.ComputeException;
import io.gantry.instance.InstanceId;
import io.gantry.jmh.kill.Cue.Variant;
import io.gantry.jmh.remote.RemoteFleet;
import io.gantry.jmh.scene.Inspection;
import io.gantry.jmh.scene.Residue;
import io.gantry.jmh.scene.Scene;
import io.gantry.jmh.scene.Stage;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Runs each scene in this process, and lists the points that its operation comes by. */
final class CueFinder implements AutoCloseable {
    private final SimFleet fleet = SimFleet.create();
    private final Trap trap = new Trap();
    private final Stage stage;
    private final List<String> problems = new ArrayList<>();

    private CueFinder(Path directory, boolean prompt) {
        String name = prompt ? "find-prompt-" : "find-";
        this.stage = Stage.open(
                fleet.driver(),
                InMemoryStore.create(),
                RemoteFleet.machines(fleet),
                directory,
                name,
                builder -> Stage.settings(name, prompt).apply(builder).probe(trap));
    }

    /** What was found: the cues, and what was wrong already without anybody killed. */
    record Found(List<Cue> cues, List<String> problems) {}

    static Found find(Path directory, List<Scene> scenes) {
        List<Cue> cues = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (boolean prompt : new boolean[] {false, true}) {
            try (CueFinder finder = new CueFinder(directory.resolve("find-" + prompt), prompt)) {
                finder.stage.furnish();
                if (prompt) {
                    problems.addAll(finder.uncovered(scenes));
                }
                scenes.stream()
                        .filter(scene -> scene.prompt() == prompt)
                        .forEach(scene -> cues.addAll(finder.cues(scene)));
                problems.addAll(finder.problems);
            }
        }
        return new Found(List.copyOf(cues), List.copyOf(problems));
    }

    private List<String> uncovered(List<Scene> scenes) {
        Set<String> missing = new TreeSet<>(stage.verbs());
        missing.removeAll(scenes.stream().map(Scene::verb).collect(Collectors.toSet()));
        return missing.stream().map(verb -> "no scene has the verb " + verb).toList();
    }

    private List<Cue> cues(Scene scene) {
        List<Point> success = play(scene, Variant.SUCCEED, "");
        List<Cue> cues = new ArrayList<>(cues(scene, Variant.SUCCEED, "", success, 0));
        String last = success.stream()
                .filter(point -> point.phase() == Phase.DONE)
                .reduce((earlier, later) -> later)
                .map(Point::step)
                .orElse("");
        if (scene.failing().equals(Scene.NONE)) {
            return cues;
        }
        String failing = scene.failing().isEmpty() ? last : scene.failing();
        List<Point> undone = play(scene, Variant.FAIL, failing);
        cues.addAll(cues(scene, Variant.FAIL, failing, undone, firstUndo(undone)));
        List<Point> elsewhere = play(scene, Variant.FAIL_HOST, failing);
        int undo = firstUndo(elsewhere);
        if (elsewhere.subList(undo, elsewhere.size()).stream().anyMatch(point -> point.phase() == Phase.BEGUN)) {
            cues.addAll(cues(scene, Variant.FAIL_HOST, failing, elsewhere, undo));
        }
        return cues;
    }

    private static int firstUndo(List<Point> points) {
        for (int i = 0; i < points.size(); i++) {
            if (points.get(i).phase() == Phase.UNDOING) {
                return i;
            }
        }
        return points.size();
    }

    private static List<Cue> cues(Scene scene, Variant variant, String failing, List<Point> points, int from) {
        Map<String, Integer> times = new HashMap<>();
        List<Cue> cues = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            Point point = points.get(i);
            int time = times.merge(point.step() + " " + point.phase(), 1, Integer::sum);
            if (i >= from) {
                cues.add(new Cue(scene.name(), variant, failing, point.step(), point.phase(), time));
            }
        }
        return cues;
    }

    private List<Point> play(Scene scene, Variant variant, String failing) {
        Cue nowhere = new Cue(scene.name(), variant, failing, "", Phase.ENDED, 1);
        String what = scene.name() + " (" + variant + ", nobody killed)";
        InstanceId id = scene.setting().set(stage);
        trap.watch(scene.verb(), nowhere, caught -> {});
        Operation<?> operation = scene.request().ask(stage, id, RequestOptions.none());
        end(operation, variant, what);
        List<Point> points = trap.passed();
        trap.watch("", nowhere, caught -> {});
        stage.hostNames().forEach(stage.machines()::powerOn);
        new Inspection(stage).findings().forEach(finding -> problems.add(what + ": " + finding));
        stage.clear();
        Residue.of(fleet, stage.hostNames()).forEach(left -> problems.add(what + ", cleared: " + left));
        return points;
    }

    private void end(Operation<?> operation, Variant variant, String what) {
        try {
            operation.await(Stage.PATIENCE);
            if (variant == Variant.FAIL) {
                problems.add(what + ": succeeded");
            }
        } catch (ComputeException e) {
            if (variant == Variant.SUCCEED) {
                problems.add(what + ": " + e);
            }
        }
    }

    @Override
    public void close() {
        stage.close();
        fleet.close();
    }
}
