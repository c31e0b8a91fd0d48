package io.gantry.store.jdbc;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A connection, with the statements that it keeps prepared. For one thread at a time. */
final class Session implements AutoCloseable {
    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private String begin;
    private int answers;

    /**
     * Opens a session.
     *
     * @param begin statements that begin its transaction, without parameters and rows; sent with its first one, in one
     *     message. Empty if there are none
     */
    Session(Connection connection, String begin) {
        this.connection = connection;
        this.begin = begin;
    }

    /** What is made of an answer. */
    @FunctionalInterface
    interface Reading<R> {
        R read(ResultSet results) throws SQLException;
    }

    Connection connection() {
        return connection;
    }

    /**
     * Ends the transaction without changes; another one begins with the next query.
     *
     * @param statements what begins it, sent with that query; without parameters
     * @param yielding how many of them yield rows, which nobody reads
     */
    void beginAnew(String statements, int yielding) throws SQLException {
        connection.rollback();
        begin = statements;
        answers = yielding;
    }

    /** {@return what is made of a query's answer} Parameters are texts, numbers and arrays. */
    <R> R query(String sql, Reading<R> reading, Object... parameters) throws SQLException {
        PreparedStatement statement = prepared(begin.isEmpty() ? sql : begin + ";" + sql);
        begin = "";
        bind(statement, List.of(parameters));
        boolean rows = statement.execute();
        while ((rows && answers > 0) || (!rows && statement.getUpdateCount() >= 0)) {
            answers -= rows ? 1 : 0;
            rows = statement.getMoreResults();
        }
        try (ResultSet results = statement.getResultSet()) {
            return reading.read(results);
        }
    }

    /**
     * Runs a statement once for each list of parameters.
     *
     * @return how many rows each run changed
     */
    int[] batch(String sql, List<List<Object>> runs) throws SQLException {
        if (runs.isEmpty()) {
            return new int[0];
        }
        if (!begin.isEmpty()) {
            try (Statement first = connection.createStatement()) {
                first.execute(begin);
            }
            begin = "";
        }
        PreparedStatement statement = prepared(sql);
        if (runs.size() == 1) {
            bind(statement, runs.get(0));
            return new int[] {statement.executeUpdate()};
        }
        for (List<Object> parameters : runs) {
            bind(statement, parameters);
            statement.addBatch();
        }
        return statement.executeBatch();
    }

    private PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        return statement;
    }

    private static void bind(PreparedStatement statement, List<?> parameters) throws SQLException {
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i) instanceof Long number) {
                statement.setLong(i + 1, number);
            } else if (parameters.get(i) instanceof Array array) {
                statement.setArray(i + 1, array);
            } else {
                statement.setString(i + 1, (String) parameters.get(i));
            }
        }
    }

    /** Closes the statements, and leaves the connection as it is. */
    void release() throws SQLException {
        for (PreparedStatement statement : statements.values()) {
            statement.close();
        }
        statements.clear();
    }

    /** Closes the connection, and the statements with it. */
    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
