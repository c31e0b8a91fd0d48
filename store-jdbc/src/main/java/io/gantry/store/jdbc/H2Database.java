package io.gantry.store.jdbc;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Properties;
import org.h2.Driver;

/**
 * One database of H2 that is open: a session that changes it, and sessions that read. It is closed when it is to
 * be and nobody reads from it any more.
 */
final class H2Database {
    /**
     * DB_CLOSE_ON_EXIT: the host decides when to close. WRITE_DELAY: a commit has written before it returns, and no
     * thread of H2's writes beside it. REUSE_SPACE: where H2 writes over space that it freed, it opens an older state
     * after its process was killed, though its file is whole.
     */
    private static final String SETTINGS = ";MODE=PostgreSQL;DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0;REUSE_SPACE=FALSE"
            + ";ANALYZE_AUTO=0;MAX_COMPACT_TIME=0;QUERY_CACHE_SIZE=32";

    private final String files;
    private final Session writer;
    private final JournaledFile file;
    private final Deque<Session> idle = new ArrayDeque<>();
    private int reading;
    private boolean retired;
    private Afterwards afterwards = () -> {};

    /** What is done once it is closed. */
    @FunctionalInterface
    interface Afterwards {
        void run() throws IOException;
    }

    private H2Database(String files, Session writer, JournaledFile file) {
        this.files = files;
        this.writer = writer;
        this.file = file;
    }

    /** Opens a database, or creates it, and brings its tables to the current version. */
    static H2Database open(String files, Failures failures) throws SQLException, IOException {
        Connection writer = connect(files);
        try {
            writer.setAutoCommit(false);
            new Migrator(failures, statement -> {}, Migrator.SCRIPTS).migrate(writer);
            JournaledFile file = JournaledFilePath.opened(files);
            if (file == null) {
                throw new SQLException("H2 has not opened " + files);
            }
            file.mark();
            file.sync();
            return new H2Database(files, new Session(writer, ""), file);
        } catch (SQLException | IOException | RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    static Connection connect(String files) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "gantry");
        properties.setProperty("password", "");
        String url = "jdbc:h2:" + JournaledFilePath.register() + files + SETTINGS;
        Connection connection = new Driver().connect(url, properties);
        if (connection == null) {
            throw new SQLException("H2 does not know " + url);
        }
        return connection;
    }

    String files() {
        return files;
    }

    /** {@return the session that changes it, for one thread at a time} */
    Session writer() {
        return writer;
    }

    JournaledFile file() {
        return file;
    }

    /** Counts one more who reads, unless it is to be closed. */
    synchronized boolean enter() {
        if (!retired) {
            reading++;
        }
        return !retired;
    }

    /** {@return a session that shows one state per transaction; the caller has entered} */
    Session reader() throws SQLException {
        synchronized (this) {
            Session free = idle.poll();
            if (free != null) {
                return free;
            }
        }
        Connection reader = connect(files);
        try (Statement statement = reader.createStatement()) {
            statement.execute("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SNAPSHOT");
            reader.setAutoCommit(false);
            return new Session(reader, "");
        } catch (SQLException e) {
            reader.close();
            throw e;
        }
    }

    /** Takes a session back that has no transaction. */
    synchronized void free(Session reader) {
        idle.push(reader);
    }

    /** Counts one less who reads. */
    synchronized void leave() throws SQLException, IOException {
        reading--;
        closeIfUnused();
    }

    /** Closes it, now or when the last one leaves. */
    synchronized void retire(Afterwards then) throws SQLException, IOException {
        retired = true;
        afterwards = then;
        closeIfUnused();
    }

    private void closeIfUnused() throws SQLException, IOException {
        if (!retired || reading > 0) {
            return;
        }
        try (writer) {
            for (Session reader : idle) {
                reader.close();
            }
        }
        afterwards.run();
    }
}
