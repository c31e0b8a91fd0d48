package io.gantry.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** H2 reads the rows that are asked for, and no others, however many there are. */
final class StatementPlansTest {
    private static final Pattern INDEX = Pattern.compile("/\\* PUBLIC\\.([A-Z_]+?)(?:_[0-9A-F])?:");

    @TempDir
    Path directory;

    @Test
    void oneRowIsReadByItsKey() throws SQLException, IOException {
        assertEquals(List.of("PRIMARY_KEY", "PRIMARY_KEY"), indexes(Sql.GET));
    }

    @Test
    void rowsAreFoundByTheAttributeAndThenReadByTheirKeys() throws SQLException, IOException {
        List<String> indexes = indexes(Sql.FIND);

        assertEquals(
                List.of("GANTRY_ATTRIBUTES_LOOKUP", "PRIMARY_KEY", "GANTRY_ATTRIBUTES_LOOKUP", "PRIMARY_KEY"), indexes);
    }

    private List<String> indexes(String sql) throws SQLException, IOException {
        String files = "file:" + directory.resolve("plans");
        H2Database database = H2Database.open(files, new Failures("plans"));
        try {
            return indexes(database.writer().connection(), sql);
        } finally {
            database.retire(() -> {});
        }
    }

    private static List<String> indexes(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("EXPLAIN " + sql)) {
            int parameters = statement.getParameterMetaData().getParameterCount();
            for (int i = 1; i <= parameters; i++) {
                statement.setString(i, "x");
            }
            try (ResultSet plan = statement.executeQuery()) {
                assertTrue(plan.next());
                return INDEX.matcher(plan.getString(1))
                        .results()
                        .map(StatementPlansTest::name)
                        .toList();
            }
        }
    }

    private static String name(MatchResult index) {
        return index.group(1);
    }
}
