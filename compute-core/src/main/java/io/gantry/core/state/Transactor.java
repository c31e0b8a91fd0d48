package io.gantry.core.state;

import io.gantry.spi.store.Transaction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs functions in transactions, possibly with more in them than the function's own. */
public interface Transactor {
    /** {@return what a function yields in a transaction; run again when it collides with another one} */
    <T extends @Nullable Object> T transact(Function<Transaction, T> work);

    /** As {@link #transact}, for a function that yields nothing. */
    default void change(Consumer<Transaction> work) {
        this.<@Nullable Void>transact(tx -> {
            work.accept(tx);
            return null;
        });
    }
}
