package io.gantry.jmh.kill;

import io.gantry.jmh.kill.KillLane.Outcome;
import io.gantry.jmh.scene.Scene;
import io.gantry.jmh.scene.Scenes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The points on one kind of hosts, in lanes that go on side by side. */
final class KillHalf {
    private static final long SEED = 20_260_101;

    private final Arena arena;
    private final Path directory;
    private final List<Cue> all;
    private final List<Cue> cues;
    private final List<Outcome> outcomes = new ArrayList<>();

    /**
     * Prepares it.
     *
     * @param all the points that there are
     * @param cues those to be played
     */
    KillHalf(Arena arena, Path directory, List<Cue> all, List<Cue> cues) {
        this.arena = arena;
        this.directory = directory.resolve(arena.name().replace(' ', '-'));
        this.all = all;
        this.cues = cues;
    }

    /**
     * Kills.
     *
     * @param sample empty for all points; else one of each verb, and then others for that long
     */
    void play(Optional<Duration> sample) throws InterruptedException, ExecutionException, IOException {
        long end = System.nanoTime() + sample.orElse(Duration.ZERO).toNanos();
        List<Cue> ordered = sample.isPresent() ? sample() : inOrder();
        int needed = sample.isPresent()
                ? (int) ordered.stream().map(KillHalf::verb).distinct().count()
                : ordered.size();
        ExecutorService threads = Executors.newFixedThreadPool(arena.lanes());
        try {
            List<Future<List<Outcome>>> lanes = new ArrayList<>();
            for (int number = 0; number < arena.lanes(); number++) {
                Path own = Files.createDirectories(directory.resolve("lane-" + number));
                KillLane lane = new KillLane(arena.witness(number, own), own, "node-" + number, Set.copyOf(all));
                List<Cue> share = share(ordered, number);
                int must = share(ordered.subList(0, needed), number).size();
                int[] played = {0};
                BooleanSupplier goOn = () -> played[0]++ < must || System.nanoTime() < end;
                Callable<List<Outcome>> work = () -> lane.run(share, goOn);
                lanes.add(threads.submit(work));
            }
            for (Future<List<Outcome>> lane : lanes) {
                outcomes.addAll(lane.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private List<Cue> share(List<Cue> from, int lane) {
        return IntStream.range(0, from.size())
                .filter(i -> i % arena.lanes() == lane)
                .mapToObj(from::get)
                .toList();
    }

    /** With as few changes of a node's settings as possible. */
    private List<Cue> inOrder() {
        return cues.stream()
                .sorted(Comparator.comparing(cue -> Scenes.named(cue.scene()).prompt()))
                .toList();
    }

    /** One point of each verb first, then the others, in an order that is the same each time. */
    private List<Cue> sample() {
        List<Cue> shuffled = new ArrayList<>(cues);
        Collections.shuffle(shuffled, new Random(SEED));
        Set<String> verbs = new HashSet<>();
        Predicate<Cue> first = cue -> verbs.add(verb(cue));
        List<Cue> firsts = shuffled.stream().filter(first).toList();
        shuffled.removeAll(firsts);
        return Stream.concat(firsts.stream(), shuffled.stream()).toList();
    }

    private static String verb(Cue cue) {
        return Scenes.named(cue.scene()).verb();
    }

    int failures() {
        return (int) count(outcomes, outcome -> !outcome.problems().isEmpty());
    }

    /** {@return one line} */
    String figures() {
        return "%s: %d points%s of %d verbs, %d failures"
                .formatted(
                        arena.name(),
                        outcomes.size(),
                        outcomes.size() < all.size() ? " of " + all.size() : "",
                        outcomes.stream()
                                .map(outcome -> verb(outcome.cue()))
                                .distinct()
                                .count(),
                        failures());
    }

    void table(List<Scene> scenes) {
        System.out.printf(
                "%-16s %7s %7s %10s %7s %9s%n", arena.name(), "points", "killed", "succeeded", "failed", "failures");
        scenes.stream()
                .map(Scene::verb)
                .filter(arena.verbs())
                .distinct()
                .sorted()
                .forEach(this::row);
    }

    private void row(String verb) {
        List<Outcome> mine = outcomes.stream()
                .filter(outcome -> verb(outcome.cue()).equals(verb))
                .toList();
        System.out.printf(
                "%-16s %7d %7d %10d %7d %9d%n",
                verb,
                cues.stream().filter(cue -> verb(cue).equals(verb)).count(),
                mine.size(),
                count(mine, outcome -> outcome.status().equals("SUCCEEDED")),
                count(mine, outcome -> outcome.status().equals("FAILED")),
                count(mine, outcome -> !outcome.problems().isEmpty()));
    }

    private static long count(List<Outcome> outcomes, Predicate<Outcome> which) {
        return outcomes.stream().filter(which).count();
    }
}
