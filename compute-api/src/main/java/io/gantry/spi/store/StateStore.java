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
     * throws. A durable store returns only when they are on disk. It sees its own changes, and otherwise a state that
     * some order of the other transactions yields.
     *
     * <p>The function may be run again by the caller after {@link StaleRow}; it must have no effects beside the
     * transaction.
     *
     * @param <T> what the function yields
     * @param work the function; it must not keep the transaction beyond its return, nor begin another one
     * @return what the function returned
     * @throws StaleRow if another transaction changed what this one read and changes
     * @throws CommitOutcomeUnknown if the store cannot tell whether the changes are there: all of them are, or none
     * @throws StoreUnavailable if the store cannot be reached; nothing was changed
     * @throws ComputeException what the function threw
     */
    <T extends @Nullable Object> T transact(Function<Transaction, T> work);

    /**
     * Runs a function that only reads, on one state of the store: that after all transactions which returned before
     * this one began, and maybe after some that ran meanwhile. Its {@code insert}, {@code update} and {@code delete}
     * throw {@link IllegalStateException} and change nothing.
     *
     * @implSpec runs it as {@link #transact} does, with a transaction that refuses changes
     * @param <T> what the function yields
     * @param work the function; it must not keep the transaction beyond its return, nor begin another one
     * @return what the function returned
     * @throws StaleRow if the store cannot show one state; run it again
     * @throws StoreUnavailable if the store cannot be reached
     * @throws ComputeException what the function threw
     */
    default <T extends @Nullable Object> T read(Function<Transaction, T> work) {
        return transact(tx -> work.apply(new ReadOnlyTransaction(tx)));
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
