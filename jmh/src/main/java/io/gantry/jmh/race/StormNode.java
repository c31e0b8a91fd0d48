package io.gantry.jmh.race;

import io.gantry.error.ComputeException;
import io.gantry.instance.Instance;
import io.gantry.jmh.remote.RemoteSimDriver;
import io.gantry.jmh.scene.Inspection;
import io.gantry.jmh.scene.Scene;
import io.gantry.jmh.scene.Scenes;
import io.gantry.jmh.scene.Stage;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import io.gantry.store.jdbc.JdbcStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A control node in a process of its own that asks for random verbs until it is killed, or its input ends. */
public final class StormNode {
    private static final int WORKERS = 3;
    private static final int CROWD = 9;
    private static final Set<String> APART = Set.of("create", "import-image", "evacuate");

    private final Stage stage;
    private final List<Scene> scenes;

    private StormNode(Stage stage) {
        this.stage = stage;
        this.scenes = Scenes.all().stream()
                .filter(scene -> !APART.contains(scene.verb()))
                .filter(scene -> scene.verb().equals(scene.name()))
                .toList();
    }

    /** Arguments: the fleet's port, the database's URL, this node's name, the images' directory, and a seed. */
    public static void main(String... args) throws IOException {
        RemoteSimDriver driver = RemoteSimDriver.of(Integer.parseInt(args[0]));
        Stage stage = Stage.open(
                driver,
                JdbcStore.postgres(args[1], "postgres", "postgres"),
                driver.machines(),
                Path.of(args[3]),
                "storm-",
                Stage.settings(args[2], true));
        say("OPEN");
        StormNode node = new StormNode(stage);
        for (int i = 0; i < WORKERS; i++) {
            Random random = new Random(Long.parseLong(args[4]) + i);
            Thread worker = new Thread(() -> node.work(random), "worker-" + i);
            worker.setDaemon(true);
            worker.start();
        }
        while (System.in.read() >= 0) {
            say("HEARD");
        }
        Runtime.getRuntime().halt(0);
    }

    private static synchronized void say(String... words) {
        System.out.println(String.join("\t", words).replace('\n', ' '));
        System.out.flush();
    }

    private void work(Random random) {
        while (true) {
            try {
                Operation<?> operation = ask(random);
                say("ACCEPTED", operation.id().toString());
                operation.await(Stage.PATIENCE);
                say("WON", operation.verb());
            } catch (ComputeException e) {
                say("LOST", e.code(), e.toString());
                Inspection.pause();
            } catch (RuntimeException e) {
                say("WRONG", e.toString());
                Inspection.pause();
            }
        }
    }

    private Operation<?> ask(Random random) {
        List<Instance> instances = stage.compute().instances().list();
        if (random.nextInt(CROWD) >= instances.size()) {
            return stage.compute().instances().create(stage.spec());
        }
        Scene scene = scenes.get(random.nextInt(scenes.size()));
        Instance instance = instances.get(random.nextInt(instances.size()));
        return scene.request().ask(stage, instance.id(), RequestOptions.none());
    }
}
