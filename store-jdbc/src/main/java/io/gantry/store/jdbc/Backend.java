package io.gantry.store.jdbc;

import io.gantry.spi.store.Transaction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How transactions are run on one database. The store sees to it that none runs during or after closing. */
interface Backend {
    <T extends @Nullable Object> T transact(Function<Transaction, T> work);

    <T extends @Nullable Object> T read(Function<Transaction, T> work);

    boolean shared();

    void close();
}
