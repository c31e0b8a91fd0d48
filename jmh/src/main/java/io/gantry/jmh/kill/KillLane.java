package io.gantry.jmh.kill;

import io.gantry.driver.sim.SimFleet;
import io.gantry.driver.sim.SimGuest;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.instance.VmState;
import io.gantry.jmh.node.Child;
import io.gantry.jmh.scene.Residue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** Kills one control node again and again: each of its processes settles what the one before left, and plays the next scene. */
final class KillLane {
    private static final Duration PATIENCE = Duration.ofSeconds(150);
    private static final Set<VmState> WITH_GUEST = EnumSet.of(
            VmState.ACTIVE, VmState.PAUSED, VmState.SUSPENDED, VmState.STOPPED, VmState.RESCUED, VmState.SHELVED);

    private final SimFleet fleet;
    private final int port;
    private final Path directory;
    private final String prefix;
    private final boolean prompt;

    KillLane(SimFleet fleet, int port, Path directory, boolean prompt, int number) {
        this.fleet = fleet;
        this.port = port;
        this.prefix = (prompt ? "prompt-" : "kept-") + number + "-";
        this.directory = directory;
        this.prompt = prompt;
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
        for (Cue cue : cues) {
            if (!goOn.getAsBoolean()) {
                break;
            }
            try (Child child = start()) {
                settle(child, left, outcomes);
                left = play(child, cue, outcomes.size() + "-" + prefix);
                child.kill();
            }
            if (!left.problems().isEmpty()) {
                note(new Outcome(left.cue(), "", left.problems()), outcomes);
                left = Left.NOTHING;
            }
        }
        try (Child child = start()) {
            settle(child, left, outcomes);
        }
        return outcomes;
    }

    /** What a killed process left. */
    private record Left(Cue cue, String operation, String instance, String token, List<String> problems) {
        private static final Left NOTHING = new Left(
                new Cue("", Cue.Variant.SUCCEED, "", "", io.gantry.core.operation.OperationProbe.Phase.ENDED, 1),
                "",
                "",
                "",
                List.of());
    }

    private Child start() {
        return Child.start(
                KillNode.class,
                directory.resolve("log"),
                Integer.toString(port),
                prefix,
                directory.resolve("node").toString(),
                Boolean.toString(prompt));
    }

    private static Left play(Child child, Cue cue, String token) throws InterruptedException {
        child.tell("PLAY", cue.text(), token);
        String instance = "";
        List<String> problems = new ArrayList<>();
        while (true) {
            String[] words = child.read(PATIENCE);
            switch (words[0]) {
                case "OPEN" -> instance = "";
                case "SET" -> instance = words[1];
                case "AT" -> {
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

    private void settle(Child child, Left left, List<Outcome> outcomes) throws InterruptedException {
        List<String> problems = new ArrayList<>();
        String status = "";
        if (!left.operation().isEmpty()) {
            child.tell("SETTLE", left.operation(), left.cue().scene(), left.instance(), left.token());
            status = listen(child, problems);
        }
        child.tell("CLEAR");
        listen(child, problems);
        Residue.of(fleet, hosts()).forEach(residue -> problems.add("cleared: " + residue));
        if (!left.operation().isEmpty()) {
            note(new Outcome(left.cue(), status, List.copyOf(problems)), outcomes);
        }
    }

    private static void note(Outcome outcome, List<Outcome> outcomes) {
        outcomes.add(outcome);
        if (!outcome.problems().isEmpty()) {
            System.out.println("FAILURE " + outcome.cue() + ", ended " + outcome.status());
            outcome.problems().forEach(problem -> System.out.println("    " + problem));
        }
    }

    private List<String> hosts() {
        return IntStream.rangeClosed(1, 3).mapToObj(n -> prefix + n).toList();
    }

    private String listen(Child child, List<String> problems) throws InterruptedException {
        String status = "";
        while (true) {
            String[] words = child.read(PATIENCE);
            switch (words[0]) {
                case "STATUS" -> status = words[1];
                case "WRONG" -> problems.add(words[1]);
                case "INSTANCE" -> compare(words, problems);
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
    private void compare(String[] words, List<String> problems) {
        InstanceId id = InstanceId.of(words[1]);
        VmState state = VmState.valueOf(words[2]);
        if (!WITH_GUEST.contains(state)) {
            return;
        }
        List<SimGuest> copies = fleet.copies(id);
        PowerState power = PowerState.valueOf(words[3]);
        if (copies.size() != 1) {
            problems.add(state + " instance with " + copies.size() + " guests");
        } else if (copies.get(0).power() != power) {
            problems.add(state + " instance is recorded " + power + ", its guest is "
                    + copies.get(0).power());
        } else if (!copies.get(0).host().orElse("").equals(words[4])) {
            problems.add(state + " instance is recorded on " + words[4] + ", its guest is on "
                    + copies.get(0).host());
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
