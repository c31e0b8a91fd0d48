package io.gantry.core.state;

import java.time.Instant;
import java.util.Optional;

/**
 * One step in the record of an operation.
 *
 * @param name the step
 * @param undo whether it was undone rather than done
 * @param startedAt when it was begun
 * @param finishedAt when it ended; empty while it is under way
 * @param result {@code DONE}, {@code UNDONE}, or {@code FAILED:} and the failure's code; empty while it is under way
 */
public record StepRow(String name, boolean undo, Instant startedAt, Optional<Instant> finishedAt, String result) {
    static final String DONE = "DONE";

    static StepRow begun(String name, boolean undo, Instant now) {
        return new StepRow(name, undo, now, Optional.empty(), "");
    }

    StepRow finished(String how, Instant now) {
        return new StepRow(name, undo, startedAt, Optional.of(now), how);
    }
}
