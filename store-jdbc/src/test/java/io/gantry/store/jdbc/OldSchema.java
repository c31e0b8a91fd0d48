package io.gantry.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.spi.store.StoredRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** A database as the first version left it. */
final class OldSchema {
    private OldSchema() {}

    static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            Migrator.run(statement, Migrator.SCRIPTS.get(0));
            Migrator.record(connection, 1);
            statement.execute(
                    "INSERT INTO gantry_rows (tbl, row_key, version, body) VALUES ('instance', 'i1', 7, '{}')");
            statement.execute("INSERT INTO gantry_attributes (tbl, row_key, attr_name, attr_value)"
                    + " VALUES ('instance', 'i1', 'host', 'h1')");
        }
    }

    static void assertIsThere(JdbcStore store) {
        StoredRow row = new StoredRow("instance", "i1", 7, "{}", Map.of("host", "h1"));
        assertEquals(List.of(row), store.<List<StoredRow>>read(tx -> tx.find("instance", "host", "h1")));
    }
}
