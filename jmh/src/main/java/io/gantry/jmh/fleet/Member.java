package io.gantry.jmh.fleet;

import io.gantry.jmh.node.Child;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One control node, as the run that started it sees it. For one thread. */
final class Member implements AutoCloseable {
    private static final List<String> OPTIONS = List.of("-Xmx2g", "-Xshare:auto");
    private static final String OVER = "over";

    private final Child process;
    private final String name;

    /** The instances whose creates this node has accepted, by the operation. */
    private final Map<String, String> accepted = new TreeMap<>();

    private final List<long[]> made = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> findings = new ArrayList<>();
    private final Set<String> answers = new HashSet<>();
    private Contention.Counts counts = new Contention.Counts(0, 0, 0, 0, 0);
    private long[] weight = {0, 0, 0};

    private Member(Child process, String name) {
        this.process = process;
        this.name = name;
    }

    static Member start(int number, int port, String url, Path directory) {
        String name = Plan.node(number);
        return new Member(
                Child.start(
                        OPTIONS,
                        FleetNode.class,
                        directory.resolve("log-" + name),
                        Integer.toString(port),
                        url,
                        name,
                        directory.toString()),
                name);
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    void tell(Object... words) {
        List<String> order = new ArrayList<>();
        for (Object word : words) {
            order.add(word.toString());
        }
        process.tell(order.toArray(String[]::new));
    }

    /** Takes note of what the node has said since the last time. */
    void listen() {
        process.heard().forEach(this::note);
    }

    private void note(String line) {
        String[] words = line.split("\t", -1);
        switch (words[0]) {
            case "ACCEPTED" -> accepted.put(words[1], words[2]);
            case "MADE" ->
                made.add(new long[] {Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3])});
            case "COUNTS" -> {
                counts = Contention.Counts.of(
                        List.of(words).subList(1, words.length).toArray(String[]::new));
                answers.add(words[0]);
            }
            case "WEIGHED" -> {
                weight = new long[] {Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3])};
                answers.add(words[0]);
            }
            case "WRONG" -> problems.add(name + ": " + line);
            case "FINDING" -> findings.add(line);
            case Child.GONE -> {
                answers.add(OVER);
                problems.add(name + " ended");
            }
            default -> answers.add(words[0]);
        }
    }

    /** {@return whether it has said something, since it was last found to} */
    boolean said(String answer) {
        listen();
        return answers.remove(answer);
    }

    /** {@return whether it has said something, or ended} */
    boolean hasSaid(String answer) {
        listen();
        return answers.contains(answer) || answers.contains(OVER);
    }

    /** Waits until it says something; a problem if it does not. */
    void await(String answer, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!said(answer)) {
            if (System.nanoTime() > end || answers.contains(OVER)) {
                throw new IllegalStateException(
                        name + " did not say " + answer + " within " + patience + "; " + problems);
            }
            Thread.sleep(10);
        }
    }

    /** Kills it; what it had said before counts. */
    void kill() throws InterruptedException {
        process.kill();
        process.rest().forEach(this::note);
    }

    Map<String, String> accepted() {
        return accepted;
    }

    /** {@return of each create that it made: the placement step, the time until it, and the whole, in microseconds} */
    List<long[]> made() {
        return made;
    }

    List<String> problems() {
        return problems;
    }

    List<String> findings() {
        return findings;
    }

    Contention.Counts counts() {
        return counts;
    }

    /** {@return MiB of heap in use after a collection, MiB resident, and threads} */
    long[] weight() {
        return weight;
    }

    @Override
    public void close() {
        process.close();
    }
}
