package io.gantry.core.store;

import io.gantry.spi.store.StateStore;
import io.gantry.tck.StateStoreContract;

/** The in-memory store keeps what every store promises. */
final class InMemoryStoreTest extends StateStoreContract {
    @Override
    protected StateStore newStore() {
        return InMemoryStore.create();
    }
}
