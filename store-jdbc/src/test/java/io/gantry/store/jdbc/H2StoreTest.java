package io.gantry.store.jdbc;

import io.gantry.spi.store.StateStore;
import io.gantry.tck.StateStoreContract;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** The store on H2 keeps what every store promises. */
final class H2StoreTest extends StateStoreContract {
    private final Path directory;

    H2StoreTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Override
    protected StateStore newStore() {
        return JdbcStore.h2(directory.resolve("state"));
    }

    @Override
    protected Optional<StateStore> reopen(StateStore closed) {
        return Optional.of(JdbcStore.h2(directory.resolve("state")));
    }
}
