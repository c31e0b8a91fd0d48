package io.gantry.jmh.kill;

import io.gantry.jmh.node.Scratch;
import io.gantry.jmh.scene.Scene;
import io.gantry.jmh.scene.Scenes;
import io.gantry.lab.Lab;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Kills a control node at every point of the journal of every verb, and looks at what its next process makes of it. */
public final class KillRun {
    private static final Duration SHORT_SIMULATED =
            Duration.ofSeconds(Integer.getInteger("gantry.measure.seconds", 90));
    private static final Duration SHORT_REAL = Duration.ofMinutes(1);

    private final Scratch scratch = Scratch.create("gantry-kill");
    private final Arguments arguments;
    private final List<Scene> scenes = Scenes.all();
    private final List<String> figures = new ArrayList<>();

    private KillRun(Arguments arguments) {
        this.arguments = arguments;
    }

    /**
     * Runs it; exits with 1 if anything was left wrong. {@code --only TEXT} plays the points whose
     * name has the text; {@code --simulated} and {@code --real} play one half.
     */
    public static void main(String... args) throws Exception {
        System.exit(new KillRun(Arguments.of(List.of(args))).run() ? 0 : 1);
    }

    private record Arguments(boolean isShort, boolean simulated, boolean real, String only) {
        static Arguments of(List<String> words) {
            int only = words.indexOf("--only");
            return new Arguments(
                    words.contains("--short"),
                    !words.contains("--real"),
                    !words.contains("--simulated"),
                    only < 0 ? "" : words.get(only + 1));
        }
    }

    private boolean run() throws Exception {
        CueFinder.Found found = CueFinder.find(scratch.directory(), scenes);
        found.problems().forEach(problem -> System.out.println("WRONG " + problem));
        int failures = found.problems().size();
        if (arguments.simulated()) {
            failures += play(found.cues(), SimArena::new, SHORT_SIMULATED);
        } else {
            leaveOut("simulated hosts", "only the other half was asked for");
        }
        Optional<String> obstacle =
                arguments.real() ? Lab.obstacle() : Optional.of("only the other half was asked for");
        if (obstacle.isEmpty()) {
            failures += play(found.cues(), LabArena::start, SHORT_REAL);
        } else {
            leaveOut("real hosts", obstacle.get());
        }
        System.out.println("kill: " + String.join("; ", figures) + "; failures: " + failures);
        return failures == 0;
    }

    private void leaveOut(String half, String why) {
        System.out.println("kill: LEFT OUT: " + half + ": " + why);
        figures.add(half + " LEFT OUT");
    }

    private int play(List<Cue> all, Supplier<Arena> arenas, Duration atLeast) throws Exception {
        try (Arena arena = arenas.get()) {
            scratch.alsoClose(arena);
            List<Cue> there = arena.cues(all.stream()
                    .filter(cue -> arena.verbs().test(Scenes.named(cue.scene()).verb()))
                    .toList());
            List<Cue> cues = there.stream()
                    .filter(cue -> cue.toString().contains(arguments.only()))
                    .toList();
            if (cues.isEmpty()) {
                throw new IllegalArgumentException("No point has '" + arguments.only() + "' in its name");
            }
            KillHalf half = new KillHalf(arena, scratch.directory(), there, cues);
            half.play(arguments.isShort() ? Optional.of(atLeast) : Optional.empty());
            half.table(scenes);
            figures.add(half.figures());
            return half.failures();
        }
    }
}
