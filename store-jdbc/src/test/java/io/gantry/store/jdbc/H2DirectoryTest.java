package io.gantry.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.Conflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.Unsupported;
import io.gantry.spi.store.StoredRow;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The directory of a store on H2. */
final class H2DirectoryTest {
    private final Path directory;

    H2DirectoryTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    @DisplayName("one opener at a time: a second one is told so, and may open it when the first has closed it")
    void oneOpener() {
        JdbcStore first = JdbcStore.h2(directory);
        Conflict refused = assertThrows(Conflict.class, () -> JdbcStore.h2(directory));
        assertTrue(refused.getMessage().contains(directory.toString()), refused.getMessage());
        assertFalse(first.shared());
        first.close();
        JdbcStore.h2(directory).close();
    }

    @Test
    @DisplayName("a file in place of the directory is refused with its name")
    void noDirectory() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        InvalidRequest refused = assertThrows(InvalidRequest.class, () -> JdbcStore.h2(file));
        assertEquals("directory", refused.field());
        assertEquals(file.toString(), refused.value());
    }

    @Test
    @DisplayName("a database of version 1, or half way to the next, is brought to the current version with all it has")
    void oldSchemaIsUpgraded() throws Exception {
        try (H2Files files = H2Files.open(directory + "/", () -> {});
                Connection connection = connect()) {
            files.advance();
            OldSchema.create(connection);
            try (var statement = connection.createStatement()) {
                statement.execute(Migrator.statements(Migrator.SCRIPTS.get(1)).get(0));
            }
            keep();
        }
        try (JdbcStore store = JdbcStore.h2(directory)) {
            OldSchema.assertIsThere(store);
        }
    }

    @Test
    @DisplayName("a database that newer code has brought further is refused, and can be opened by that code again")
    void newerSchemaIsRefused() throws Exception {
        JdbcStore.h2(directory).close();
        try (Connection connection = connect()) {
            Migrator.record(connection, 99);
            keep();
        }
        assertThrows(Unsupported.class, () -> JdbcStore.h2(directory));
        Unsupported again = assertThrows(Unsupported.class, () -> JdbcStore.h2(directory));
        assertTrue(again.getMessage().contains("version 99"), again.getMessage());
    }

    /** What H2 has written so far is there when it is opened again. */
    private void keep() {
        JournaledFile file =
                JournaledFilePath.opened(directory.resolve("state-1").toString());
        if (file == null) {
            throw new AssertionError("H2 has not opened its file");
        }
        file.mark();
    }

    private Connection connect() throws Exception {
        return H2Database.connect(directory.resolve("state-1").toString());
    }

    @Test
    @DisplayName("a thread that is interrupted does not take the store along")
    void interruptIsHarmless() {
        try (JdbcStore store = JdbcStore.h2(directory)) {
            Thread.currentThread().interrupt();
            store.transact(tx -> tx.insert("t", "k", "{}", Map.of()));
            assertTrue(Thread.interrupted(), "the thread stays interrupted");
            store.transact(tx -> tx.insert("t", "k2", "{}", Map.of()));
            assertEquals(2, store.<Integer>read(tx -> tx.scan("t").size()));
        }
    }

    @Test
    @DisplayName("a process that is killed while it commits and copies: everything it acknowledged is there")
    void killedProcess() throws Exception {
        Random random = new Random(5);
        List<String> acknowledged = new ArrayList<>();
        for (int round = 0; round < 5; round++) {
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            CommitLoop.class.getName(),
                            directory.toString(),
                            "round" + round,
                            // Copied about every tenth transaction: many of the kills hit a copy.
                            "1000")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            int until = acknowledged.size() + 30 + random.nextInt(30);
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
                while (acknowledged.size() < until) {
                    acknowledged.add(String.valueOf(lines.readLine()));
                }
                child.destroyForcibly();
            }
            child.waitFor();
            try (JdbcStore store = JdbcStore.h2(directory)) {
                Set<String> found = store.read(
                        tx -> tx.scan("t").stream().map(StoredRow::key).collect(Collectors.toSet()));
                assertTrue(found.containsAll(acknowledged), found + " of " + acknowledged);
            }
        }
        assertTrue(currentDatabase() > 5, "copied often: " + currentDatabase());
    }

    private long currentDatabase() throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(JournaledFilePath.DATABASE_SUFFIX))
                    .mapToLong(name -> Long.parseLong(name.replaceAll("\\D", "")))
                    .max()
                    .orElseThrow();
        }
    }
}
