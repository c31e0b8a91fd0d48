package io.gantry.core.operation;

import io.gantry.operation.OperationId;
import io.gantry.spi.store.Transaction;

/** Checks and records the acceptance of a request. */
@FunctionalInterface
public interface Acceptance {
    /** Called in the transaction that journals the operation; what it throws refuses the request. */
    Admission accept(Transaction tx, OperationId operation);
}
