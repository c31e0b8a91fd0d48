package io.gantry.spi.store;

import io.gantry.error.ComputeException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the engine's state: rows of JSON text with a version each, changed in transactions. Safe for use by many
 * threads.
 *
 * <p>A store that passes {@code StateStoreContract} of {@code compute-tck} works with the engine.
 */
public interface StateStore extends AutoCloseable {
    /**
     * Runs a function in a transaction: all of its changes become visible at once when it returns, or none if it
     * throws. A durable store returns only when they are on disk. It sees its own changes, and otherwise a state that some order of the other transactions yields.
     *
     * <p>The function may be run again by the caller after {@link StaleRow}; it must have no effects beside the
     * transaction.
     *
     * @param <T> what the function yields
     * @param work the function; it must not keep the transaction beyond its return, nor begin another one
     * @return what the function returned
     * @throws StaleRow if another transaction changed what this one read and changes
     * @throws ComputeException what the function threw
     */
    <T extends @Nullable Object> T transact(Function<Transaction, T> work);

    /**
     * Runs a function that only reads, on one consistent state of the store; by default as {@link #transact} does.
     *
     * @param <T> what the function yields
     * @param work the function; it must not change anything
     * @return what the function returned
     */
    default <T extends @Nullable Object> T read(Function<Transaction, T> work) {
        return transact(work);
    }

    /**
     * {@return whether other processes can have this store open at the same time} If not, whatever the store says of
     * other control nodes is about nodes that are gone.
     */
    default boolean shared() {
        return false;
    }

    /** Releases what the store holds. Closing twice does nothing. */
    @Override
    void close();
}
