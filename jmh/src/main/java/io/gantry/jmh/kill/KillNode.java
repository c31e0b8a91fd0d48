package io.gantry.jmh.kill;

import io.gantry.error.ComputeException;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.jmh.real.LabPlot;
import io.gantry.jmh.real.LabSite;
import io.gantry.jmh.remote.RemoteSimDriver;
import io.gantry.jmh.scene.Inspection;
import io.gantry.jmh.scene.Scene;
import io.gantry.jmh.scene.Scenes;
import io.gantry.jmh.scene.SimSite;
import io.gantry.jmh.scene.Site;
import io.gantry.jmh.scene.Stage;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationId;
import io.gantry.operation.RequestOptions;
import io.gantry.store.jdbc.JdbcStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A control node in a process of its own: it plays scenes and is killed at their cues, or settles what the process before
 * it left. Told what to do by lines of standard input; answers by lines of standard output; ends when its input ends.
 */
public final class KillNode {
    /** A site of simulated hosts, at the port of another process's fleet, and what begins their names. */
    static final String SIMULATED = "simulated";

    /** A site of real hosts, described in a file. */
    static final String REAL = "real";

    private static final Duration SETTLING = Duration.ofSeconds(150);

    private final Stage stage;
    private final Trap trap;
    private final BlockingQueue<String> lines;

    private KillNode(Stage stage, Trap trap, BlockingQueue<String> lines) {
        this.stage = stage;
        this.trap = trap;
        this.lines = lines;
    }

    /** Arguments: the kind of site, where it is, the node's name, its directory, and whether deletes are final. */
    public static void main(String... args) throws InterruptedException {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Thread input = new Thread(() -> listen(lines), "gantry-kill-input");
        input.setDaemon(true);
        input.start();
        Path directory = Path.of(args[3]);
        Trap trap = new Trap();
        boolean prompt = Boolean.parseBoolean(args[4]);
        Stage stage = Stage.open(
                site(args[0], args[1]),
                JdbcStore.h2(directory.resolve("store")),
                directory,
                builder -> Stage.settings(args[2], prompt).apply(builder).probe(trap));
        stage.furnish();
        say("OPEN");
        new KillNode(stage, trap, lines).obey();
    }

    /** Whatever else goes on here ends with the input: nobody is there any more who would wait for it. */
    private static void listen(BlockingQueue<String> lines) {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            System.err.println("The input broke: " + e);
        }
        Runtime.getRuntime().halt(0);
    }

    private static Site site(String kind, String where) {
        if (kind.equals(REAL)) {
            return new LabSite(LabPlot.read(Path.of(where)));
        }
        int slash = where.indexOf('/');
        RemoteSimDriver driver = RemoteSimDriver.of(Integer.parseInt(where.substring(0, slash)));
        return new SimSite(driver, driver.machines(), where.substring(slash + 1));
    }

    private static synchronized void say(String... words) {
        System.out.println(String.join("\t", words).replace('\n', ' '));
        System.out.flush();
    }

    private void obey() throws InterruptedException {
        while (true) {
            String[] words = lines.take().split("\t", -1);
            String[] rest = List.of(words).subList(1, words.length).toArray(String[]::new);
            try {
                switch (words[0]) {
                    case "PLAY" -> play(rest);
                    case "SETTLE" -> settle(rest);
                    default -> clear();
                }
            } catch (RuntimeException e) {
                say("WRONG", words[0] + ": " + e);
                say("END");
            }
        }
    }

    /** The scene, its cue, and the token of the request. */
    private void play(String... words) throws InterruptedException {
        Cue cue = Cue.of(words);
        Scene scene = Scenes.named(cue.scene());
        InstanceId id = scene.setting().set(stage);
        say("SET", id.toString());
        lines.take(); // somebody looks at the guest first
        trap.watch(scene.verb(), cue, operation -> {
            passed();
            say("AT", operation.toString());
        });
        Operation<?> operation = scene.request().ask(stage, id, RequestOptions.idempotencyToken(words[7]));
        String end;
        try {
            operation.await(Stage.PATIENCE);
            end = "it succeeded";
        } catch (ComputeException e) {
            end = e.toString();
        }
        passed();
        say("WRONG", "the operation did not come by " + cue + ": " + end);
        say("END");
    }

    private void passed() {
        trap.passed().forEach(point -> say("PASSED", point.step(), point.phase().name()));
    }

    /** The operation, its scene, its instance, and the token of its request. */
    private void settle(String... words) {
        OperationId id = OperationId.of(words[0]);
        Scene scene = Scenes.named(words[1]);
        long end = System.nanoTime() + SETTLING.toNanos();
        while (!stage.compute().runningOperations().isEmpty() && System.nanoTime() < end) {
            Inspection.pause();
        }
        Operation<?> operation = stage.compute().operation(id);
        String why = why(operation);
        say("STATUS", operation.status().name(), why);
        if (!operation.status().ended()) {
            say("WRONG", "the operation has not ended: " + operation.progress());
        }
        stage.hostNames().forEach(stage.machines()::powerOn);
        new Inspection(stage).findings().forEach(finding -> say("WRONG", finding));
        for (Instance instance : stage.compute().instances().list()) {
            say(
                    "INSTANCE",
                    instance.id().toString(),
                    instance.state().name(),
                    instance.power().name(),
                    instance.host().map(Object::toString).orElse(""));
        }
        again(scene, InstanceId.of(words[2]), words[3], id);
        say("END");
    }

    private static String why(Operation<?> operation) {
        try {
            operation.await(Duration.ofSeconds(10));
            return "";
        } catch (ComputeException e) {
            return e.toString();
        }
    }

    /** The same request with the same token is the same operation. */
    private void again(Scene scene, InstanceId instance, String token, OperationId id) {
        if (scene.verb().equals("import-image")) {
            return; // which takes no token
        }
        Operation<?> operation = scene.request().ask(stage, instance, RequestOptions.idempotencyToken(token));
        if (!operation.id().equals(id)) {
            say("WRONG", "the same token began operation " + operation.id() + " rather than " + id);
        }
    }

    private void clear() {
        stage.clear();
        new Inspection(stage).findings().forEach(finding -> say("WRONG", "cleared: " + finding));
        say("END");
    }
}
