package io.gantry.jmh.kill;

import io.gantry.driver.sim.SimFleet;
import io.gantry.jmh.kill.KillLane.Outcome;
import io.gantry.jmh.node.Scratch;
import io.gantry.jmh.remote.RemoteFleet;
import io.gantry.jmh.scene.Scene;
import io.gantry.jmh.scene.Scenes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
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

/** Kills a control node at every point of the journal of every verb, and looks at what its next process makes of it. */
public final class KillRun {
    private static final long SEED = 20_260_101;
    private static final Duration SHORT = Duration.ofSeconds(Integer.getInteger("gantry.measure.seconds", 150));

    /** Control nodes at a time, of each of the two kinds. */
    private static final int LANES = 2;

    private final boolean isShort;
    private final Path directory;

    private KillRun(boolean isShort, Path directory) {
        this.isShort = isShort;
        this.directory = directory;
    }

    /** Runs it; exits with 1 if anything was left wrong. {@code --only TEXT} plays the cues whose name has the text. */
    public static void main(String... args) throws Exception {
        Path directory = Scratch.create("gantry-kill").directory();
        String only = args.length == 2 && args[0].equals("--only") ? args[1] : "";
        System.exit(new KillRun(List.of(args).contains("--short"), directory).run(only) ? 0 : 1);
    }

    private boolean run(String only) throws Exception {
        List<Scene> scenes = Scenes.all();
        CueFinder.Found found = CueFinder.find(directory, scenes);
        found.problems().forEach(problem -> System.out.println("WRONG " + problem));
        List<Cue> cues = found.cues().stream()
                .filter(cue -> cue.toString().contains(only))
                .toList();
        List<Outcome> outcomes = play(cues);
        List<Outcome> failed = outcomes.stream()
                .filter(outcome -> !outcome.problems().isEmpty())
                .toList();
        List<String> verbs =
                scenes.stream().map(Scene::verb).distinct().sorted().toList();
        table(verbs, cues, outcomes);
        int failures = failed.size() + found.problems().size();
        System.out.printf(
                "kill: %d points%s, %d verbs, %d failures%n",
                outcomes.size(),
                outcomes.size() < found.cues().size() ? " of " + found.cues().size() : "",
                outcomes.stream().map(outcome -> verb(outcome.cue())).distinct().count(),
                failures);
        return failures == 0;
    }

    private List<Outcome> play(List<Cue> cues) throws InterruptedException, ExecutionException {
        long end = System.nanoTime() + SHORT.toNanos();
        ExecutorService threads = Executors.newFixedThreadPool(2 * LANES);
        try (SimFleet fleet = SimFleet.create();
                RemoteFleet remote = RemoteFleet.serve(fleet)) {
            List<Future<List<Outcome>>> lanes = new ArrayList<>();
            for (boolean prompt : new boolean[] {false, true}) {
                List<Cue> mine = cues.stream()
                        .filter(cue -> Scenes.named(cue.scene()).prompt() == prompt)
                        .toList();
                List<Cue> ordered = isShort ? sample(mine) : mine;
                int needed = isShort
                        ? (int) ordered.stream().map(KillRun::verb).distinct().count()
                        : ordered.size();
                for (int number = 0; number < LANES; number++) {
                    Path own = Files.createDirectories(directory.resolve("lane-" + prompt + number));
                    KillLane lane = new KillLane(fleet, remote.port(), own, prompt, number);
                    List<Cue> share = share(ordered, number);
                    int must = share(ordered.subList(0, needed), number).size();
                    int[] played = {0};
                    BooleanSupplier goOn = () -> played[0]++ < must || System.nanoTime() < end;
                    Callable<List<Outcome>> work = () -> lane.run(share, goOn);
                    lanes.add(threads.submit(work));
                }
            }
            List<Outcome> outcomes = new ArrayList<>();
            for (Future<List<Outcome>> lane : lanes) {
                outcomes.addAll(lane.get());
            }
            return outcomes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<Cue> share(List<Cue> cues, int lane) {
        return IntStream.range(0, cues.size())
                .filter(i -> i % LANES == lane)
                .mapToObj(cues::get)
                .toList();
    }

    /** One point of each verb first, then the others, in an order that is the same each time. */
    private static List<Cue> sample(List<Cue> cues) {
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

    private static void table(List<String> verbs, List<Cue> cues, List<Outcome> outcomes) {
        System.out.printf(
                "%-16s %7s %7s %10s %7s %9s%n", "verb", "points", "killed", "succeeded", "failed", "failures");
        for (String verb : verbs) {
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
    }

    private static long count(List<Outcome> outcomes, Predicate<Outcome> which) {
        return outcomes.stream().filter(which).count();
    }
}
