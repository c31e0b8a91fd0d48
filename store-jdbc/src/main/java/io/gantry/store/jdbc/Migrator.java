package io.gantry.store.jdbc;

import io.gantry.error.Forbidden;
import io.gantry.error.ResourceRef;
import io.gantry.error.Unsupported;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the tables to the version that this code knows, one script after the other; what was done is in
 * {@code gantry_schema_version}.
 */
final class Migrator {
    /** The scripts, in order; the first one leads to version 1. A script that was ever released does not change. */
    static final List<String> SCRIPTS = List.of(
            "V1__rows_and_attributes.sql", "V2__covering_index_and_changed_at.sql", "V3__index_by_attribute_first.sql");

    private static final Logger LOG = LoggerFactory.getLogger(Migrator.class);
    private static final String NOT_PERMITTED = "42501";

    /** Keeps others from migrating the same database until the transaction ends. */
    @FunctionalInterface
    interface Lock {
        void take(Statement statement) throws SQLException;
    }

    private final Failures failures;
    private final Lock lock;
    private final List<String> scripts;

    Migrator(Failures failures, Lock lock, List<String> scripts) {
        this.failures = failures;
        this.lock = lock;
        this.scripts = scripts;
    }

    /** Migrates; the connection commits by hand, and has no transaction before and after. */
    void migrate(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            lock.take(statement);
            int version = version(connection);
            if (version > scripts.size()) {
                throw new Unsupported(
                        new ResourceRef("store", failures.store()),
                        "SCHEMA_VERSION_" + version,
                        "newer code has brought its tables to version " + version + ", and this code knows "
                                + scripts.size(),
                        "Run the newer version of Gantry, or open another database");
            }
            for (int next = version + 1; next <= scripts.size(); next++) {
                if (version > 0) {
                    LOG.info("Bringing the tables of {} to version {}", failures.store(), next);
                }
                run(statement, scripts.get(next - 1));
                record(connection, next);
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            if (NOT_PERMITTED.equals(e.getSQLState())) {
                throw new Forbidden(
                        new ResourceRef("store", failures.store()),
                        "create the tables (" + e.getMessage() + ") of",
                        "Grant the database user CREATE on the schema, or let its owner open the store once");
            }
            throw e;
        } catch (RuntimeException e) {
            connection.rollback();
            throw e;
        }
    }

    private static int version(Connection connection) throws SQLException {
        try (ResultSet tables = connection
                .getMetaData()
                .getTables(
                        connection.getCatalog(), connection.getSchema(), null, new String[] {"TABLE", "BASE TABLE"})) {
            boolean found = false;
            while (tables.next()) {
                found |= tables.getString("TABLE_NAME").equalsIgnoreCase("gantry_schema_version");
            }
            if (!found) {
                return 0;
            }
        }
        try (Statement statement = connection.createStatement();
                ResultSet result =
                        statement.executeQuery("SELECT COALESCE(MAX(version), 0) FROM gantry_schema_version")) {
            result.next();
            return result.getInt(1);
        }
    }

    static void record(Connection connection, int version) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS gantry_schema_version (version INTEGER PRIMARY KEY,"
                    + " migrated_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL)");
        }
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO gantry_schema_version (version) VALUES (?)")) {
            insert.setInt(1, version);
            insert.executeUpdate();
        }
    }

    static void run(Statement statement, String script) throws SQLException {
        for (String sql : statements(script)) {
            statement.execute(sql);
        }
    }

    /** {@return a script's statements; comments are whole lines, and no text in it has a semicolon} */
    static List<String> statements(String script) {
        String sql = read(script).lines().filter(line -> !line.startsWith("--")).collect(Collectors.joining("\n"));
        return Stream.of(sql.split(";", -1))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toList();
    }

    private static String read(String script) {
        try (InputStream in = Migrator.class.getResourceAsStream("schema/" + script)) {
            if (in == null) {
                throw new IllegalStateException("The script " + script + " is missing from this library");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
