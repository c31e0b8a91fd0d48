package io.gantry.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** An external command, run to its end. */
record Command(List<String> words, Map<String, String> environment, Duration timeout) {

    record Result(int exitCode, String out, String err) {}

    static String run(String... words) {
        return new Command(List.of(words), Map.of(), Duration.ofMinutes(1)).output();
    }

    /** Standard output of the command, which must succeed. */
    String output() {
        Result result = result();
        if (result.exitCode() != 0) {
            throw new LabException("exit code %d from %s:%n%s%s"
                    .formatted(result.exitCode(), String.join(" ", words), result.err(), result.out()));
        }
        return result.out();
    }

    Result result() {
        // files, not pipes: a process the command leaves behind cannot keep us waiting for the end of its output
        Path out = temporaryFile();
        Path err = temporaryFile();
        try {
            ProcessBuilder builder = new ProcessBuilder(words)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new LabException("no end after %d s of %s:%n%s%s"
                        .formatted(
                                timeout.toSeconds(),
                                String.join(" ", words),
                                Files.readString(err),
                                Files.readString(out)));
            }
            return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new LabException("cannot run " + String.join(" ", words), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while running " + String.join(" ", words), e);
        } finally {
            out.toFile().delete();
            err.toFile().delete();
        }
    }

    private static Path temporaryFile() {
        try {
            return Files.createTempFile("gantry-lab", ".out");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
