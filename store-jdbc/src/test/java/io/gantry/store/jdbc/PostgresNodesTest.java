package io.gantry.store.jdbc;

import io.gantry.spi.store.StateStore;
import io.gantry.spi.store.Transaction;
import io.gantry.store.jdbc.testing.PostgresServer;
import io.gantry.tck.StateStoreContract;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several stores on one database keep together what every store promises, though their transactions do collide. */
@ExtendWith(WithPostgres.class)
final class PostgresNodesTest extends StateStoreContract {
    private final PostgresServer server;

    PostgresNodesTest(PostgresServer server) {
        this.server = server;
    }

    @Override
    protected StateStore newStore() {
        String url = server.newSchema();
        return new Nodes(
                JdbcStore.postgres(url, server.user(), server.password()),
                JdbcStore.postgres(url, server.user(), server.password()));
    }

    /** Gives each call to the next of two stores. */
    private static final class Nodes implements StateStore {
        private final JdbcStore one;
        private final JdbcStore other;
        private final AtomicInteger calls = new AtomicInteger();

        Nodes(JdbcStore one, JdbcStore other) {
            this.one = one;
            this.other = other;
        }

        private JdbcStore next() {
            return calls.getAndIncrement() % 2 == 0 ? one : other;
        }

        @Override
        public <T extends @Nullable Object> T transact(Function<Transaction, T> work) {
            return next().transact(work);
        }

        @Override
        public <T extends @Nullable Object> T read(Function<Transaction, T> work) {
            return next().read(work);
        }

        @Override
        public boolean shared() {
            return true;
        }

        @Override
        public void close() {
            try (one) {
                other.close();
            }
        }
    }
}
