package io.gantry.jmh.kill;

import io.gantry.core.operation.OperationProbe.Phase;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.instance.VmState;
import io.gantry.jmh.kill.Witness.Guest;
import io.gantry.jmh.kill.Witness.Recorded;
import io.gantry.jmh.node.Child;
import io.gantry.jmh.scene.Scenes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Kills one control node again and again: each of its processes settles what the one before left, and plays the next scene. */
final class KillLane {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final Witness witness;
    private final Path directory;
    private final String name;
    private final Set<Cue> known;

    /**
     * Makes a lane.
     *
     * @param witness looks at its hosts
     * @param directory what it keeps there stays between its processes
     * @param name of its control node
     * @param known all points that there are, as far as anybody knows
     */
    KillLane(Witness witness, Path directory, String name, Set<Cue> known) {
        this.witness = witness;
        this.directory = directory;
        this.name = name;
        this.known = known;
    }

    /**
     * Plays cues, one a process.
     *
     * @param goOn asked before each
     * @return what came of each
     */
    List<Outcome> run(List<Cue> cues, BooleanSupplier goOn) throws InterruptedException {
        List<Outcome> outcomes = new ArrayList<>();
        Left left = Left.NOTHING;
        boolean prompt = !cues.isEmpty() && isPrompt(cues.get(0));
        for (Cue cue : cues) {
            if (!goOn.getAsBoolean()) {
                break;
            }
            if (isPrompt(cue) != prompt) {
                // What a process left is settled with the settings that it had.
                settle(left, prompt, outcomes);
                left = Left.NOTHING;
                prompt = isPrompt(cue);
            }
            try (Child child = start(prompt)) {
                settle(child, left, outcomes);
                left = play(child, cue, outcomes.size() + "-" + name);
                child.kill();
            }
            if (!left.problems().isEmpty()) {
                note(new Outcome(left.cue(), "", left.problems()), outcomes);
                left = Left.NOTHING;
            }
        }
        settle(left, prompt, outcomes);
        return outcomes;
    }

    private static boolean isPrompt(Cue cue) {
        return Scenes.named(cue.scene()).prompt();
    }

    private void settle(Left left, boolean prompt, List<Outcome> outcomes) throws InterruptedException {
        try (Child child = start(prompt)) {
            settle(child, left, outcomes);
        }
    }

    /** What a killed process left. */
    private record Left(Cue cue, String operation, String instance, String token, List<String> problems) {
        private static final Left NOTHING =
                new Left(new Cue("", Cue.Variant.SUCCEED, "", "", Phase.ENDED, 1), "", "", "", List.of());
    }

    private Child start(boolean prompt) {
        String[] site = witness.site();
        return Child.start(
                KillNode.class,
                directory.resolve("log"),
                site[0],
                site[1],
                name,
                directory.resolve("node").toString(),
                Boolean.toString(prompt));
    }

    private Left play(Child child, Cue cue, String token) throws InterruptedException {
        child.tell("PLAY", cue.text(), token);
        String instance = "";
        List<String> problems = new ArrayList<>();
        while (true) {
            String[] words = child.read(PATIENCE);
            switch (words[0]) {
                case "OPEN" -> instance = "";
                case "SET" -> {
                    instance = words[1];
                    witness.remember(InstanceId.of(instance));
                    child.tell("GO");
                }
                case "PASSED" -> passed(cue, words, problems);
                case "AT" -> {
                    Thread.sleep(cue.later());
                    return new Left(cue, words[1], instance, token, problems);
                }
                case "WRONG" -> problems.add(words[1]);
                default -> {
                    problems.add(String.join(" ", words));
                    return new Left(cue, "", instance, token, problems);
                }
            }
        }
    }

    /** A point that the list of points lacks is a point at which nobody is killed. */
    private void passed(Cue cue, String[] words, List<String> problems) {
        Phase phase = Phase.valueOf(words[2]);
        boolean listed = known.stream()
                .anyMatch(point -> point.isHeld()
                        && point.scene().equals(cue.scene())
                        && point.step().equals(words[1])
                        && point.phase() == phase);
        if (!listed) {
            problems.add("it came by " + words[1] + " " + phase + ", where nobody is killed");
        }
    }

    private void settle(Child child, Left left, List<Outcome> outcomes) throws InterruptedException {
        List<String> problems = new ArrayList<>();
        String status = "";
        if (!left.operation().isEmpty()) {
            child.tell("SETTLE", left.operation(), left.cue().scene(), left.instance(), left.token());
            List<Recorded> instances = new ArrayList<>();
            status = listen(child, problems, instances);
            look(problems, () -> {
                instances.forEach(instance -> compare(instance, problems));
                problems.addAll(witness.judge(left.cue().scene(), instances));
            });
        }
        child.tell("CLEAR");
        listen(child, problems, new ArrayList<>());
        look(problems, () -> witness.residue().forEach(residue -> problems.add("cleared: " + residue)));
        if (!left.operation().isEmpty()) {
            note(new Outcome(left.cue(), status, List.copyOf(problems)), outcomes);
        }
    }

    /** What cannot be looked at is wrong, and no reason to end the run. */
    private static void look(List<String> problems, Runnable looking) {
        try {
            looking.run();
        } catch (RuntimeException e) {
            problems.add("nobody could look: " + e);
        }
    }

    private static void note(Outcome outcome, List<Outcome> outcomes) {
        outcomes.add(outcome);
        if (!outcome.problems().isEmpty()) {
            System.out.println("FAILURE " + outcome.cue() + ", ended " + outcome.status());
            outcome.problems().forEach(problem -> System.out.println("    " + problem));
        }
    }

    private static String listen(Child child, List<String> problems, List<Recorded> instances)
            throws InterruptedException {
        String status = "";
        while (true) {
            String[] words = child.read(PATIENCE);
            switch (words[0]) {
                case "STATUS" -> status = words[1];
                case "WRONG" -> problems.add(words[1]);
                case "INSTANCE" ->
                    instances.add(new Recorded(
                            InstanceId.of(words[1]),
                            VmState.valueOf(words[2]),
                            PowerState.valueOf(words[3]),
                            words[4]));
                case "END" -> {
                    return status;
                }
                case Child.GONE -> {
                    problems.add(String.join(" ", words));
                    return status;
                }
                default -> status = words[0].equals("OPEN") ? status : String.join(" ", words);
            }
        }
    }

    /** Compares an instance as it is recorded with the guest as it is. */
    private void compare(Recorded instance, List<String> problems) {
        if (!witness.withOneGuest().contains(instance.state())) {
            return;
        }
        List<Guest> guests = witness.guests(instance.id());
        if (guests.size() != 1) {
            problems.add(instance.state() + " instance with " + guests.size() + " guests");
        } else if (guests.get(0).power() != instance.power()) {
            problems.add(instance.state() + " instance is recorded " + instance.power() + ", its guest is "
                    + guests.get(0).power());
        } else if (!guests.get(0).host().equals(instance.host())) {
            problems.add(instance.state() + " instance is recorded on " + instance.host() + ", its guest is on "
                    + guests.get(0).host());
        }
    }

    /**
     * What came of one kill.
     *
     * @param status how the operation ended
     * @param problems what was wrong then
     */
    record Outcome(Cue cue, String status, List<String> problems) {}
}
