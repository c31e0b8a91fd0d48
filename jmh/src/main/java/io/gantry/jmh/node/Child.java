package io.gantry.jmh.node;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A Java process that is told what to do by lines, and answers by lines. It ends when this process ends, however that
 * happens, since its input ends then.
 */
public final class Child implements AutoCloseable {
    /** What {@link #read} yields after the last line. */
    public static final String GONE = "GONE";

    /** For processes that start often, and do little. */
    private static final List<String> SMALL =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx256m");

    private final Process process;
    private final BufferedWriter in;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private Child(Process process) {
        this.process = process;
        this.in = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        Thread reader = new Thread(this::pump, "gantry-child-output");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a process with this one's class path.
     *
     * @param main its main class
     * @param log where its log goes, at the level that the system property {@code gantry.measure.log} says; off otherwise
     * @param arguments its arguments
     * @return the process
     */
    public static Child start(Class<?> main, Path log, String... arguments) {
        return start(SMALL, main, log, arguments);
    }

    /**
     * Starts a process with this one's class path.
     *
     * @param options of its virtual machine
     * @param main see {@link #start(Class, Path, String...)}
     * @param log see there
     * @param arguments its arguments
     * @return the process
     */
    public static Child start(List<String> options, Class<?> main, Path log, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=" + System.getProperty("gantry.measure.log", "off"),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        try {
            return new Child(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void pump() {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("WRONG\tits output broke: " + e);
        }
        lines.add(GONE);
    }

    /** {@return the process's id} */
    public long pid() {
        return process.pid();
    }

    /** Tells it something. */
    public void tell(String... words) {
        try {
            in.write(String.join("\t", words));
            in.newLine();
            in.flush();
        } catch (IOException e) {
            lines.add("WRONG\tit cannot be told " + words[0] + ": " + e);
        }
    }

    /**
     * {@return the next line of what it says, as words; {@link #GONE} after the last one}
     *
     * @param patience how long to wait for it; it is GONE after that too
     */
    public String[] read(Duration patience) throws InterruptedException {
        String line = lines.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        return (line == null ? GONE + "\tit said nothing for " + patience : line).split("\t", -1);
    }

    /** {@return the lines that it has said and that nobody has read yet} */
    public List<String> heard() {
        List<String> heard = new ArrayList<>();
        lines.drainTo(heard);
        if (heard.remove(GONE)) {
            lines.add(GONE);
        }
        return heard;
    }

    /** {@return what it said before it ended; waits until all of that is read} */
    public List<String> rest() {
        List<String> rest = new ArrayList<>();
        try {
            String line = lines.take();
            while (!line.equals(GONE)) {
                rest.add(line);
                line = lines.take();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return rest;
    }

    /** Kills it at once, and waits until it is dead. */
    public void kill() throws InterruptedException {
        // Not by the process itself, which would close its output and lose what it has said.
        process.toHandle().destroyForcibly();
        process.waitFor();
    }

    /** Lets it end by itself, and kills it if it does not. */
    @Override
    public void close() {
        try {
            in.close();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
