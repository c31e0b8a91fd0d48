package io.gantry.jmh.race;

import io.gantry.driver.sim.SimFleet;
import io.gantry.error.ComputeException;
import io.gantry.instance.Instance;
import io.gantry.instance.VmState;
import io.gantry.jmh.node.Child;
import io.gantry.jmh.remote.RemoteFleet;
import io.gantry.jmh.scene.Inspection;
import io.gantry.jmh.scene.Residue;
import io.gantry.jmh.scene.Stage;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationId;
import io.gantry.operation.OperationStatus;
import io.gantry.store.jdbc.JdbcStore;
import io.gantry.store.jdbc.testing.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Control nodes in processes of their own, on one database, under a load of random verbs, killed and stopped at random. */
final class NodeStorm {
    private static final int NODES = 3;
    private static final long SEED = 20_260_103;
    private static final Duration CALM = Duration.ofMillis(1500);
    private static final Duration STOPPED = Stage.LEASE.plusSeconds(2);

    /** Longer than the two minutes for which a plan waits for an instance that others keep busy, or have stopped. */
    private static final Duration SETTLING = Duration.ofMinutes(3);

    private final Path directory;
    private final PostgresServer postgres;
    private final String url;
    private final Duration length;
    private final Random random = new Random(SEED);
    private final Set<String> accepted = new LinkedHashSet<>();
    private final List<String> problems = new ArrayList<>();
    private int incidents;
    private long won;
    private long lost;

    NodeStorm(Path directory, PostgresServer postgres, boolean isShort) {
        this.directory = directory;
        this.postgres = postgres;
        this.url = postgres.newSchema();
        this.length = isShort ? Duration.ofSeconds(40) : Duration.ofMinutes(3);
    }

    Trial run(String name) throws InterruptedException {
        try (SimFleet fleet = SimFleet.create();
                RemoteFleet remote = RemoteFleet.serve(fleet)) {
            try (Stage first = stage(fleet, "first")) {
                first.furnish();
            }
            storm(remote.port());
            try (Stage last = stage(fleet, "last")) {
                judge(fleet, last);
            }
        }
        return new Trial(name, incidents, won, lost, problems);
    }

    private Stage stage(SimFleet fleet, String node) {
        return Stage.open(
                fleet.driver(),
                JdbcStore.postgres(url, postgres.user(), postgres.password()),
                RemoteFleet.machines(fleet),
                directory.resolve("storm"),
                "storm-",
                Stage.settings(node, true));
    }

    private void storm(int port) throws InterruptedException {
        List<Child> nodes = new ArrayList<>();
        try {
            for (int i = 0; i < NODES; i++) {
                nodes.add(start(port, i));
            }
            long end = System.nanoTime() + length.toNanos();
            while (System.nanoTime() < end) {
                listen(nodes, CALM);
                int victim = random.nextInt(NODES);
                incidents++;
                if (random.nextBoolean()) {
                    nodes.get(victim).kill();
                    drain(nodes.get(victim));
                    nodes.set(victim, start(port, victim));
                } else {
                    signal("-STOP", nodes.get(victim));
                    listen(nodes, STOPPED);
                    signal("-CONT", nodes.get(victim));
                }
            }
        } finally {
            for (Child node : nodes) {
                node.kill();
                drain(node);
            }
        }
    }

    private Child start(int port, int number) {
        return Child.start(
                StormNode.class,
                directory.resolve("storm-log"),
                Integer.toString(port),
                url,
                "storm-" + number,
                directory.resolve("storm").toString(),
                Long.toString(random.nextInt()));
    }

    private void signal(String name, Child node) throws InterruptedException {
        try {
            new ProcessBuilder("kill", name, Long.toString(node.pid())).start().waitFor();
        } catch (IOException e) {
            problems.add("no signal could be sent: " + e);
        }
    }

    private void listen(List<Child> nodes, Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            nodes.forEach(node -> node.heard().forEach(this::note));
            Inspection.pause();
        }
    }

    /** What a node said before it was killed counts. */
    private void drain(Child node) {
        node.rest().forEach(this::note);
    }

    private void note(String line) {
        String[] words = line.split("\t", -1);
        switch (words[0]) {
            case "ACCEPTED" -> accepted.add(words[1]);
            case "WON" -> won++;
            case "LOST" -> lost(words);
            case "WRONG" -> problems.add(words[1]);
            default -> {
                return;
            }
        }
    }

    private void lost(String... words) {
        lost++;
        if (words[1].equals("UNEXPECTED_FAILURE")) {
            problems.add("a loser was told " + words[2]);
        }
    }

    private void judge(SimFleet fleet, Stage stage) {
        long end = System.nanoTime() + SETTLING.toNanos();
        while (!stage.compute().runningOperations().isEmpty() && System.nanoTime() < end) {
            Inspection.pause();
        }
        problems.addAll(new Inspection(stage).findings());
        List<Operation<?>> operations = new ArrayList<>();
        for (String id : accepted) {
            try {
                operations.add(stage.compute().operation(OperationId.of(id)));
            } catch (ComputeException e) {
                problems.add("an accepted operation is lost: " + e);
            }
        }
        operations.stream()
                .filter(operation -> !operation.status().ended())
                .forEach(operation -> problems.add(operation.verb() + " " + operation.id() + " has not ended"));
        List<Instance> instances = stage.compute().instances().list();
        for (Instance instance : instances) {
            int copies = fleet.copies(instance.id()).size();
            if (copies > 1 && instance.state() != VmState.RESIZED) {
                problems.add(instance.state() + " instance with " + copies + " guests");
            }
        }
        long images = stage.compute().images().list().stream()
                .filter(image -> image.name().equals("copy"))
                .count();
        long made = succeeded(operations, "create-image");
        // An operation whose acceptance was committed, but not told before its node was killed, counts for nothing
        // here.
        if (images < made || images > made + incidents) {
            problems.add(images + " images were made by " + made + " operations");
        }
        stage.clear();
        Residue.of(fleet, stage.hostNames()).forEach(left -> problems.add("cleared: " + left));
        problems.addAll(new Inspection(stage).findings());
    }

    private static long succeeded(List<Operation<?>> operations, String verb) {
        return operations.stream()
                .filter(operation -> operation.verb().equals(verb))
                .filter(operation -> operation.status() == OperationStatus.SUCCEEDED)
                .count();
    }
}
