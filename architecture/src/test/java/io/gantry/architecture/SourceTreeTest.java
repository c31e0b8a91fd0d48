package io.gantry.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the source files themselves hold to. */
final class SourceTreeTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final int MAX_LINES = 500;
    private static final Pattern LEFTOVER = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");

    @Test
    void filesAreSmall() {
        assertEquals(
                List.of(),
                sources().stream()
                        .filter(file -> lines(file).size() > MAX_LINES)
                        .toList());
    }

    @Test
    void nothingIsLeftToDo() {
        assertEquals(
                List.of(),
                sources().stream()
                        .filter(file -> lines(file).stream()
                                .anyMatch(line -> LEFTOVER.matcher(line).find()))
                        .toList());
    }

    @Test
    void theSourcesWereFound() {
        assertFalse(sources().isEmpty());
    }

    @Test
    void theReadmeBeginsWithItsTwoCommands() {
        List<String> block = lines(ROOT.resolve("README.md")).stream()
                .dropWhile(line -> !line.startsWith("    "))
                .takeWhile(line -> line.startsWith("    "))
                .map(String::trim)
                .toList();

        assertEquals(List.of("./quickstart", "./verify"), block);
    }

    @Test
    void theReadmeShowsTheQuickstartAsItIs() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        String shown =
                readme.substring(readme.indexOf("```java") + 7, readme.indexOf("```", readme.indexOf("```java") + 7));
        String source = Files.readString(
                ROOT.resolve("samples/quickstart/src/main/java/io/gantry/samples/quickstart/Quickstart.java"));

        shown.lines()
                .filter(line -> !line.isBlank())
                .forEach(line -> assertTrue(source.contains(line.strip()), "not in the quickstart: " + line));
    }

    private static List<Path> sources() {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
