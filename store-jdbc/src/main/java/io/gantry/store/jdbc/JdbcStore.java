package io.gantry.store.jdbc;

import io.gantry.error.Conflict;
import io.gantry.error.Forbidden;
import io.gantry.error.InvalidRequest;
import io.gantry.error.Unsupported;
import io.gantry.spi.store.CommitOutcomeUnknown;
import io.gantry.spi.store.StateStore;
import io.gantry.spi.store.StoreUnavailable;
import io.gantry.spi.store.Transaction;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Keeps state in a database: H2 in a directory of this process, or PostgreSQL that several control nodes share. Safe for
 * use by many threads.
 *
 * <p>Transactions are serialisable, and on disk when {@link #transact} returns: they survive the death of the process
 * and loss of power. {@link #read} shows one committed state and does not hold up transactions.
 *
 * <p>Opening brings the tables, whose names begin with {@code gantry_}, to the version that this code knows; several
 * nodes may do so at once. A database that newer code has brought further is refused with {@link Unsupported} and left
 * as it is.
 *
 * <p>Tables' and attributes' names have at most 64 characters, keys 255, values 400, bodies 1,048,576; no text has the
 * character U+0000 or half a surrogate pair. Longer or other ones are refused with {@link InvalidRequest}. A transaction
 * within a transaction, and the use of a closed store, is an {@link IllegalStateException}.
 */
public final class JdbcStore implements StateStore {
    private final Backend backend;
    private final ReadWriteLock life = new ReentrantReadWriteLock();
    private final Set<Thread> inTransaction = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    JdbcStore(Backend backend) {
        this.backend = backend;
    }

    /**
     * Opens the store in a directory, or creates it there. It belongs to this store object until that is closed, or its
     * process ends. The clock is the system's.
     *
     * @param directory where its files are; created if it is not there. Copy them only while the store is closed
     * @return the store
     * @throws InvalidRequest if the directory is no directory, cannot be created or cannot be written to
     * @throws Conflict if a store is open there already, in this process or in another one
     * @throws Unsupported if newer code has written it
     * @throws StoreUnavailable if the files cannot be read, or are damaged
     */
    public static JdbcStore h2(Path directory) {
        return h2(directory, Clock.systemUTC());
    }

    /**
     * Opens the store in a directory as {@link #h2(Path)} does, with a clock.
     *
     * @param directory see there
     * @param clock what {@link Transaction#now} reads
     * @return the store
     */
    public static JdbcStore h2(Path directory, Clock clock) {
        return new JdbcStore(H2Directory.open(directory, clock, H2Backend.SMALL));
    }

    /**
     * Opens the store on PostgreSQL 12 or newer, through connections of the caller's. The tables are in the schema that
     * the connections' search path names first. The clock is the database server's.
     *
     * <p>Transactions that are committed together take one connection, and each {@link #read} takes one, with automatic
     * commit off until it ends; nothing else of the connection's settings is left changed.
     *
     * @param connections the source of connections; safe for use by many threads. Closing the store leaves it open
     * @return the store
     * @throws InvalidRequest if the database is not PostgreSQL, is older, or does not keep text as UTF-8
     * @throws Forbidden if the user may not create the tables, where they are needed
     * @throws Unsupported if newer code has brought the tables further
     * @throws StoreUnavailable if the database cannot be reached
     */
    public static JdbcStore postgres(DataSource connections) {
        return new JdbcStore(PostgresBackend.open(connections, () -> {}));
    }

    /**
     * Opens the store on PostgreSQL as {@link #postgres(DataSource)} does, through a pool of at most 10 connections of
     * its own. A call waits up to 10 seconds for one of them.
     *
     * @param url such as {@code jdbc:postgresql://db.example.org/gantry?sslmode=verify-full}
     * @param user the database user
     * @param password the user's password
     * @return the store
     * @throws InvalidRequest also if the URL is not one of PostgreSQL, names no database that exists, or the user or
     *     password is refused
     */
    public static JdbcStore postgres(String url, String user, String password) {
        return new JdbcStore(PostgresPool.open(url, user, password));
    }

    /**
     * {@inheritDoc}
     *
     * <p>The functions of one store object's callers run one at a time; those of callers who wait at the same time are
     * committed together. On PostgreSQL, functions of several store objects run side by side, and so do those of one
     * while a function takes longer than a second; what they change is written one after the other, and whoever has read
     * what was changed meanwhile ends in {@code StaleRow}. If the connection is lost while
     * PostgreSQL commits, or the disk fails below H2, that is {@link CommitOutcomeUnknown}.
     */
    @Override
    public <T extends @Nullable Object> T transact(Function<Transaction, T> work) {
        return alive(() -> backend.transact(work));
    }

    @Override
    public <T extends @Nullable Object> T read(Function<Transaction, T> work) {
        return alive(() -> backend.read(work));
    }

    /** {@return true on PostgreSQL, false on H2} */
    @Override
    public boolean shared() {
        return backend.shared();
    }

    /** Waits for the transactions under way, and releases files or connections. Closing twice does nothing. */
    @Override
    public void close() {
        if (inTransaction.contains(Thread.currentThread())) {
            throw new IllegalStateException("A transaction is under way in this thread");
        }
        life.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                backend.close();
            }
        } finally {
            life.writeLock().unlock();
        }
    }

    private <T extends @Nullable Object> T alive(Supplier<T> call) {
        if (inTransaction.contains(Thread.currentThread())) {
            throw new IllegalStateException("A transaction is under way in this thread");
        }
        life.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("The store is closed");
            }
            inTransaction.add(Thread.currentThread());
            try {
                return call.get();
            } finally {
                inTransaction.remove(Thread.currentThread());
            }
        } finally {
            life.readLock().unlock();
        }
    }
}
