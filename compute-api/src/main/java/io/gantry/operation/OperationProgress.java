package io.gantry.operation;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A snapshot of how far an operation is.
 *
 * @param operation whose progress it is
 * @param status its status
 * @param step the step it is at, such as {@code spawn}; the verb itself before the first step
 * @param percent 0 to 100 within the step, where that can be told
 * @param detail what this kind of operation tells beyond that, such as a migration's statistics
 * @param at when the snapshot was taken
 */
public record OperationProgress(
        OperationId operation,
        OperationStatus status,
        String step,
        OptionalInt percent,
        Optional<ProgressDetail> detail,
        Instant at) {}
