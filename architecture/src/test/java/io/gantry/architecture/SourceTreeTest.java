package io.gantry.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

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
