package io.gantry.jmh.race;

import io.gantry.driver.sim.SimFleet;
import io.gantry.error.ComputeException;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.VmState;
import io.gantry.jmh.race.Racers.Finish;
import io.gantry.jmh.scene.Inspection;
import io.gantry.jmh.scene.Residue;
import io.gantry.jmh.scene.Scene;
import io.gantry.jmh.scene.Scenes;
import io.gantry.jmh.scene.Stage;
import io.gantry.operation.RequestOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Every verb against every other one, on one instance in the state that the first of them needs. */
final class Pairs {
    private static final long SEED = 20_260_102;

    /** What a loser is told: what it wanted is not possible, or somebody else's turn. */
    private static final Set<String> LOSS = Set.of(
            "INVALID_STATE", "CONFLICT", "NOT_FOUND", "OPERATION_CANCELLED", "MIGRATION_FAILED", "INVALID_REQUEST");

    /** Verbs that are not on an instance, or need a dead host. */
    private static final Set<String> APART = Set.of("create", "import-image", "evacuate");

    private final SimFleet fleet;
    private final Stage one;
    private final Stage other;

    Pairs(SimFleet fleet, Stage one, Stage other) {
        this.fleet = fleet;
        this.one = one;
        this.other = other;
    }

    /** Lets at most so many pairs race. */
    Trial run(String name, int most) throws InterruptedException {
        List<Scene> scenes = Scenes.all().stream()
                .filter(scene -> !APART.contains(scene.verb()))
                .filter(scene -> scene.verb().equals(scene.name()))
                .toList();
        List<Scene[]> pairs = new ArrayList<>();
        scenes.forEach(first -> scenes.forEach(second -> pairs.add(new Scene[] {first, second})));
        Collections.shuffle(pairs, new Random(SEED));
        List<String> problems = new ArrayList<>();
        long won = 0;
        long lost = 0;
        List<Scene[]> chosen = pairs.subList(0, Math.min(most, pairs.size()));
        for (Scene[] pair : chosen) {
            List<Finish> finishes = race(pair[0], pair[1], problems);
            won += finishes.stream().filter(Finish::won).count();
            lost += finishes.stream().filter(finish -> !finish.won()).count();
        }
        return new Trial(name, chosen.size(), won, lost, problems);
    }

    private List<Finish> race(Scene first, Scene second, List<String> problems) throws InterruptedException {
        String what = first.verb() + " against " + second.verb();
        try {
            return race(what, first, second, problems);
        } catch (ComputeException e) {
            problems.add(what + ": " + e);
            return List.of();
        }
    }

    private List<Finish> race(String what, Scene first, Scene second, List<String> problems)
            throws InterruptedException {
        InstanceId id = first.setting().set(one);
        List<Finish> finishes = Racers.run(List.of(
                () -> first.request().ask(one, id, RequestOptions.none()),
                () -> second.request().ask(other, id, RequestOptions.none())));
        finishes.stream()
                .filter(finish -> !finish.won() && !LOSS.contains(finish.code()))
                .forEach(finish -> problems.add(what + ": a loser was told " + finish.text()));
        new Inspection(one).findings().forEach(finding -> problems.add(what + ": " + finding));
        for (Instance instance : one.compute().instances().list()) {
            int copies = fleet.copies(instance.id()).size();
            if (copies != (instance.host().isPresent() ? 1 : 0) && instance.state() != VmState.RESIZED) {
                problems.add(what + ": " + instance.state() + " instance with " + copies + " guests");
            }
        }
        one.clear();
        Residue.of(fleet, one.hostNames()).forEach(left -> problems.add(what + ", cleared: " + left));
        return finishes;
    }
}
