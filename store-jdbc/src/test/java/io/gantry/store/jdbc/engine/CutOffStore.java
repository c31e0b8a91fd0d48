package io.gantry.store.jdbc.engine;

import io.gantry.spi.store.StateStore;
import io.gantry.spi.store.StoreUnavailable;
import io.gantry.spi.store.Transaction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A store that its control node can be cut off from, as by a network that fails. */
final class CutOffStore implements StateStore {
    private final StateStore store;
    private volatile boolean cutOff;

    CutOffStore(StateStore store) {
        this.store = store;
    }

    void cutOff(boolean isCutOff) {
        this.cutOff = isCutOff;
    }

    private void requireReachable() {
        if (cutOff) {
            throw new StoreUnavailable("postgresql", "the test has cut it off", "Let the node reach it again", null);
        }
    }

    @Override
    public <T extends @Nullable Object> T transact(Function<Transaction, T> work) {
        requireReachable();
        return store.transact(work);
    }

    @Override
    public <T extends @Nullable Object> T read(Function<Transaction, T> work) {
        requireReachable();
        return store.read(work);
    }

    @Override
    public boolean shared() {
        return store.shared();
    }

    @Override
    public void close() {
        store.close();
    }
}
