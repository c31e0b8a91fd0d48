package io.gantry.store.jdbc;

/** The statements, all but the last one the same on every database. */
final class Sql {
    private static final String ROW_COLUMNS = "SELECT r.row_key, r.version, r.body, NULL, NULL FROM ";
    private static final String ATTRIBUTE_COLUMNS = "SELECT a.row_key, 0, NULL, a.attr_name, a.attr_value FROM ";
    private static final String FOUND = "gantry_attributes f JOIN %s ON %2$s.tbl = f.tbl AND %2$s.row_key = f.row_key"
            + " WHERE f.tbl = ? AND f.attr_name = ? AND f.attr_value = ?";

    /** One row and its attributes; twice: table, key. One answer is one state, and a body is sent once. */
    static final String GET = ROW_COLUMNS + "gantry_rows r WHERE r.tbl = ? AND r.row_key = ? UNION ALL "
            + ATTRIBUTE_COLUMNS + "gantry_attributes a WHERE a.tbl = ? AND a.row_key = ?";

    /** A table's rows and their attributes; twice: table. */
    static final String SCAN = ROW_COLUMNS + "gantry_rows r WHERE r.tbl = ? UNION ALL " + ATTRIBUTE_COLUMNS
            + "gantry_attributes a WHERE a.tbl = ?";

    /** The versions of a table's rows: table. */
    static final String VERSIONS = "SELECT r.row_key, r.version FROM gantry_rows r WHERE r.tbl = ?";

    /** The rows with a value and their attributes; twice: table, name, value. */
    static final String FIND = ROW_COLUMNS + String.format(FOUND, "gantry_rows r", "r") + " UNION ALL "
            + ATTRIBUTE_COLUMNS + String.format(FOUND, "gantry_attributes a", "a");

    /** {@return a statement that yields rows and tells, on PostgreSQL, which transaction wrote each one, in place of a value} */
    static String marked(String sql) {
        return sql.replace(ROW_COLUMNS, ROW_COLUMNS.replace("NULL, NULL", "NULL, CAST(r.xmin AS text)"));
    }

    /** Table, key, version, body. Changes nothing where the key is taken. */
    static final String INSERT = "INSERT INTO gantry_rows (tbl, row_key, version, body, changed_at)"
            + " VALUES (?, ?, ?, ?, CURRENT_TIMESTAMP) ON CONFLICT DO NOTHING";

    /** Next version, body, table, key, version. */
    static final String UPDATE = "UPDATE gantry_rows SET version = ?, body = ?,"
            + " changed_at = CURRENT_TIMESTAMP WHERE tbl = ? AND row_key = ? AND version = ?";

    /** Table, key, version. */
    static final String DELETE = "DELETE FROM gantry_rows WHERE tbl = ? AND row_key = ? AND version = ?";

    /** Table, key, name. */
    static final String DELETE_ATTRIBUTE =
            "DELETE FROM gantry_attributes WHERE tbl = ? AND row_key = ? AND attr_name = ?";

    /** Value, table, key, name. */
    static final String UPDATE_ATTRIBUTE =
            "UPDATE gantry_attributes SET attr_value = ? WHERE tbl = ? AND row_key = ? AND attr_name = ?";

    /** Table, key, name, value. */
    static final String INSERT_ATTRIBUTE =
            "INSERT INTO gantry_attributes (tbl, row_key, attr_name, attr_value) VALUES (?, ?, ?, ?)";

    /**
     * The six statements above as one message of PostgreSQL, for any number of rows each; their parameters as arrays, in the
     * order deletes, updates, inserts, and these of attributes. No row is in two of them. Yields how many rows changed, and
     * how many of those that had been read are not what they were: of rows (table, key, mark; an empty mark where there was
     * none), of searches (table, name, value, how many were found), of tables (table, how many there were).
     */
    static final String ALL_CHANGES = "WITH deleted AS (DELETE FROM gantry_rows r"
            + " USING unnest(?::text[], ?::text[], ?::bigint[]) AS x(tbl, row_key, version)"
            + " WHERE r.tbl = x.tbl AND r.row_key = x.row_key AND r.version = x.version RETURNING 1),"
            + " updated AS (UPDATE gantry_rows r SET version = x.next, body = x.body, changed_at = CURRENT_TIMESTAMP"
            + " FROM unnest(?::bigint[], ?::text[], ?::text[], ?::text[], ?::bigint[])"
            + " AS x(next, body, tbl, row_key, version)"
            + " WHERE r.tbl = x.tbl AND r.row_key = x.row_key AND r.version = x.version RETURNING 1),"
            + " inserted AS (INSERT INTO gantry_rows (tbl, row_key, version, body, changed_at)"
            + " SELECT x.tbl, x.row_key, x.version, x.body, CURRENT_TIMESTAMP"
            + " FROM unnest(?::text[], ?::text[], ?::bigint[], ?::text[]) AS x(tbl, row_key, version, body)"
            + " ON CONFLICT DO NOTHING RETURNING 1),"
            + " gone AS (DELETE FROM gantry_attributes a"
            + " USING unnest(?::text[], ?::text[], ?::text[]) AS x(tbl, row_key, attr_name)"
            + " WHERE a.tbl = x.tbl AND a.row_key = x.row_key AND a.attr_name = x.attr_name RETURNING 1),"
            + " changed AS (UPDATE gantry_attributes a SET attr_value = x.attr_value"
            + " FROM unnest(?::text[], ?::text[], ?::text[], ?::text[]) AS x(attr_value, tbl, row_key, attr_name)"
            + " WHERE a.tbl = x.tbl AND a.row_key = x.row_key AND a.attr_name = x.attr_name RETURNING 1),"
            + " added AS (INSERT INTO gantry_attributes (tbl, row_key, attr_name, attr_value)"
            + " SELECT x.tbl, x.row_key, x.attr_name, x.attr_value"
            + " FROM unnest(?::text[], ?::text[], ?::text[], ?::text[]) AS x(tbl, row_key, attr_name, attr_value)"
            + " RETURNING 1)"
            + " SELECT (SELECT count(*) FROM deleted) + (SELECT count(*) FROM updated)"
            + " + (SELECT count(*) FROM inserted) + (SELECT count(*) FROM gone)"
            + " + (SELECT count(*) FROM changed) + (SELECT count(*) FROM added),"
            + " (SELECT count(*) FROM unnest(?::text[], ?::text[], ?::text[]) AS x(tbl, row_key, mark)"
            + " LEFT JOIN gantry_rows r ON r.tbl = x.tbl AND r.row_key = x.row_key"
            + " WHERE COALESCE(CAST(r.xmin AS text), '') <> x.mark)"
            + " + (SELECT count(*) FROM unnest(?::text[], ?::text[], ?::text[], ?::bigint[])"
            + " AS x(tbl, attr_name, attr_value, found) WHERE (SELECT count(*) FROM gantry_attributes f"
            + " WHERE f.tbl = x.tbl AND f.attr_name = x.attr_name AND f.attr_value = x.attr_value) <> x.found)"
            + " + (SELECT count(*) FROM unnest(?::text[], ?::bigint[]) AS x(tbl, found)"
            + " WHERE (SELECT count(*) FROM gantry_rows r WHERE r.tbl = x.tbl) <> x.found)";

    private Sql() {}
}
