package io.gantry.store.jdbc;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Copies what a database holds into a new one. Nobody changes either meanwhile. */
final class Compaction {
    /** How much is committed together, in characters; H2 keeps that in memory. */
    private static final int CHARACTERS = 2 << 20;

    /** What a row counts beside its texts. */
    private static final int ROW = 100;

    /** How much of the copy is brought to disk together, in bytes; it is in memory until then. */
    private static final long BYTES = 16L << 20;

    private final H2Database target;
    private long synced;

    Compaction(H2Database target) {
        this.target = target;
    }

    /** Copies all tables; on return the copy is on disk. */
    void copy(Connection source) throws SQLException, IOException {
        try (Statement statement = source.createStatement()) {
            // Rows are read as they are asked for, not all into memory first.
            statement.execute("SET LAZY_QUERY_EXECUTION 1");
            for (String table : tables(source)) {
                copy(statement, table);
            }
        }
        source.commit();
        target.file().sync();
    }

    private static List<String> tables(Connection source) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (ResultSet found = source.getMetaData()
                .getTables(source.getCatalog(), source.getSchema(), null, new String[] {"TABLE", "BASE TABLE"})) {
            while (found.next()) {
                String table = found.getString("TABLE_NAME");
                if (!table.toLowerCase(Locale.ROOT).equals("gantry_schema_version")) {
                    tables.add(table);
                }
            }
        }
        return tables;
    }

    private void copy(Statement statement, String table) throws SQLException, IOException {
        try (ResultSet rows = statement.executeQuery("SELECT * FROM " + table);
                PreparedStatement insert =
                        target.writer().connection().prepareStatement(insert(table, rows.getMetaData()))) {
            int columns = rows.getMetaData().getColumnCount();
            int characters = 0;
            while (rows.next()) {
                for (int i = 1; i <= columns; i++) {
                    Object value = rows.getObject(i);
                    insert.setObject(i, value);
                    characters += value instanceof String text ? text.length() : 0;
                }
                insert.executeUpdate();
                characters += ROW;
                if (characters > CHARACTERS) {
                    keep();
                    characters = 0;
                }
            }
            keep();
        }
    }

    private void keep() throws SQLException, IOException {
        target.writer().connection().commit();
        target.file().mark();
        if (target.file().size() - synced > BYTES) {
            target.file().sync();
            synced = target.file().size();
        }
    }

    private static String insert(String table, ResultSetMetaData columns) throws SQLException {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            names.add(columns.getColumnName(i));
        }
        String values = IntStream.range(0, names.size()).mapToObj(i -> "?").collect(Collectors.joining(", "));
        return "INSERT INTO " + table + " (" + String.join(", ", names) + ") VALUES (" + values + ")";
    }
}
