package io.gantry.store.jdbc;

import io.gantry.spi.store.StateStore;
import io.gantry.store.jdbc.testing.PostgresServer;
import io.gantry.tck.StateStoreContract;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;

/** The store on PostgreSQL keeps what every store promises. */
@ExtendWith(WithPostgres.class)
final class PostgresStoreTest extends StateStoreContract {
    private final PostgresServer server;
    private String url = "";

    PostgresStoreTest(PostgresServer server) {
        this.server = server;
    }

    @Override
    protected StateStore newStore() {
        url = server.newSchema();
        return JdbcStore.postgres(url, server.user(), server.password());
    }

    @Override
    protected Optional<StateStore> reopen(StateStore closed) {
        return Optional.of(JdbcStore.postgres(url, server.user(), server.password()));
    }
}
