package io.gantry.store.jdbc;

import io.gantry.error.ComputeException;
import io.gantry.error.Conflict;
import io.gantry.error.ResourceRef;
import io.gantry.spi.store.StaleRow;
import io.gantry.spi.store.StoredRow;
import io.gantry.spi.store.Transaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A transaction on a connection that is in one. */
final class JdbcTransaction implements Transaction {
    /** Reads the store's clock. */
    @FunctionalInterface
    interface StoreClock {
        Instant read(Connection connection) throws SQLException;
    }

    private final Connection connection;
    private final Failures failures;
    private final StoreClock clock;
    private final boolean readOnly;
    private final Thread owner = Thread.currentThread();
    private boolean open = true;
    private boolean changed;
    private String lastTable = "";
    private String lastKey = "";
    private @Nullable ComputeException failure;

    JdbcTransaction(Connection connection, Failures failures, StoreClock clock, boolean readOnly) {
        this.connection = connection;
        this.failures = failures;
        this.clock = clock;
        this.readOnly = readOnly;
    }

    @Override
    public Optional<StoredRow> get(String table, String key) {
        return query(table, key, Sql.GET, table, key, table, key).stream().findFirst();
    }

    @Override
    public List<StoredRow> scan(String table) {
        return query(table, "*", Sql.SCAN, table, table);
    }

    @Override
    public List<StoredRow> find(String table, String attribute, String value) {
        return query(table, "*", Sql.FIND, table, attribute, value, table, attribute, value);
    }

    @Override
    public StoredRow insert(String table, String key, String body, Map<String, String> attributes) {
        beginChange("insert", table, key);
        Limits.check(table, key);
        Limits.check(body, attributes);
        return attempt(() -> {
            if (execute(Sql.INSERT, table, key, body) == 0) {
                throw new Conflict(new ResourceRef(table, key), table + " " + key + " exists", "Choose another key");
            }
            changed = true;
            insertAttributes(table, key, attributes);
            return new StoredRow(table, key, 1, body, attributes);
        });
    }

    @Override
    public StoredRow update(StoredRow row, String body, Map<String, String> attributes) {
        beginChange("update", row.table(), row.key());
        Limits.check(body, attributes);
        return attempt(() -> {
            requireOne(row, execute(Sql.UPDATE, body, row.table(), row.key(), row.version()));
            if (!attributes.equals(row.attributes())) {
                execute(Sql.DELETE_ATTRIBUTES, row.table(), row.key());
                insertAttributes(row.table(), row.key(), attributes);
            }
            return new StoredRow(row.table(), row.key(), row.version() + 1, body, attributes);
        });
    }

    @Override
    public void delete(StoredRow row) {
        beginChange("delete", row.table(), row.key());
        attempt(() -> {
            requireOne(row, execute(Sql.DELETE, row.table(), row.key(), row.version()));
            return execute(Sql.DELETE_ATTRIBUTES, row.table(), row.key());
        });
    }

    @Override
    public Instant now() {
        begin("clock", "now");
        return attempt(() -> clock.read(connection));
    }

    /** Commits, unless a statement failed: the database may have dropped the transaction then, whoever caught it. */
    void commit() {
        if (failure != null) {
            throw failure;
        }
        try {
            connection.commit();
        } catch (SQLException e) {
            throw failures.ofCommit(e, changed, lastTable, lastKey);
        }
    }

    /** {@return whether it holds changes} */
    boolean changed() {
        return changed;
    }

    /** Makes it useless to whoever kept it. */
    void end() {
        open = false;
    }

    private void begin(String table, String key) {
        if (!open || Thread.currentThread() != owner) {
            throw new IllegalStateException("The transaction has ended, or belongs to another thread");
        }
        if (failure != null) {
            throw failure;
        }
        lastTable = table;
        lastKey = key;
    }

    private void beginChange(String verb, String table, String key) {
        begin(table, key);
        if (readOnly) {
            throw new IllegalStateException(
                    "Cannot " + verb + " " + table + " " + key + " in a transaction that reads");
        }
    }

    private void requireOne(StoredRow row, int changedRows) {
        if (changedRows == 0) {
            throw new StaleRow(row.table(), row.key());
        }
        changed = true;
    }

    private int execute(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(sql, parameters)) {
            return statement.executeUpdate();
        }
    }

    private void insertAttributes(String table, String key, Map<String, String> attributes) throws SQLException {
        if (attributes.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(Sql.INSERT_ATTRIBUTE)) {
            // In one order everywhere: transactions that insert the same entries do not wait for each other in a ring.
            for (Map.Entry<String, String> attribute : new TreeMap<>(attributes).entrySet()) {
                statement.setString(1, table);
                statement.setString(2, key);
                statement.setString(3, attribute.getKey());
                statement.setString(4, attribute.getValue());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private List<StoredRow> query(String table, String key, String sql, Object... parameters) {
        begin(table, key);
        for (Object parameter : parameters) {
            if (((String) parameter).indexOf('\0') >= 0) {
                return List.of();
            }
        }
        return attempt(() -> {
            try (PreparedStatement statement = prepare(sql, parameters);
                    ResultSet results = statement.executeQuery()) {
                return rows(table, results);
            }
        });
    }

    private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }

    private static List<StoredRow> rows(String table, ResultSet results) throws SQLException {
        // Sorted here: a database's order of texts is that of its locale, or of UTF-8.
        TreeMap<String, Body> bodies = new TreeMap<>();
        Map<String, Map<String, String>> attributes = new HashMap<>();
        while (results.next()) {
            String key = results.getString(1);
            String name = results.getString(4);
            if (name == null) {
                bodies.put(key, new Body(results.getLong(2), results.getString(3)));
            } else {
                attributes.computeIfAbsent(key, k -> new HashMap<>()).put(name, results.getString(5));
            }
        }
        return bodies.entrySet().stream()
                .map(row -> new StoredRow(
                        table,
                        row.getKey(),
                        row.getValue().version,
                        row.getValue().text,
                        attributes.getOrDefault(row.getKey(), Map.of())))
                .toList();
    }

    private <T> T attempt(Attempt<T> attempt) {
        try {
            return attempt.run();
        } catch (SQLException e) {
            ComputeException meaning = failures.of(e, lastTable, lastKey);
            failure = meaning;
            throw meaning;
        }
    }

    private record Body(long version, String text) {}

    @FunctionalInterface
    private interface Attempt<T> {
        T run() throws SQLException;
    }
}
