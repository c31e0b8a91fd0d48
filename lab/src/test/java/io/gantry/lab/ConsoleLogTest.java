package io.gantry.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleLogTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private ConsoleLog log;

    @BeforeEach
    void setUp() {
        log = new ConsoleLog(directory.resolve("g1.log"));
    }

    @Test
    void missingFileIsEmpty() {
        assertEquals(0, log.end());
        assertEquals(List.of(), log.lastLines(5));
        assertEquals(Optional.empty(), log.first(0, Optional::of));
    }

    @Test
    void incompleteLineDoesNotCountYet() throws IOException {
        append("one\r\ntwö\nthr");
        long end = log.end();
        assertEquals(List.of("one", "twÃ¶"), log.lastLines(5)); // bytes, not characters
        assertTrue(log.first(end, Optional::of).isEmpty());
        append("ee\n");
        assertEquals(Optional.of("three"), log.first(end, Optional::of));
        assertEquals(List.of("three"), log.lastLines(1));
    }

    @Test
    void lastMatchOfALongFile() throws IOException {
        append("x".repeat(99).concat("\n").repeat(5000) + "a1\na2\nb\n");
        assertEquals(
                Optional.of("a2"),
                log.last(line -> line.startsWith("a") ? Optional.of(line) : Optional.<String>empty()));
    }

    private void append(String text) throws IOException {
        Files.writeString(log.file(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
