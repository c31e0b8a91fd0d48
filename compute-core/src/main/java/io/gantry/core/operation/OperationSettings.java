package io.gantry.core.operation;

import java.time.Duration;

/**
 * How operations are run.
 *
 * @param node the id of this control node
 * @param lease how long other nodes leave this one's operations alone after it was last heard of
 * @param retention how long ended operations can be found
 * @param shutdownTimeout how long closing waits for running ones before it leaves them to the journal
 */
public record OperationSettings(String node, Duration lease, Duration retention, Duration shutdownTimeout) {
    /** How long an operation may take if its caller does not say. */
    static final Duration DEADLINE = Duration.ofDays(1);

    /** How many ended operations are kept at most. */
    static final int MOST_ENDED = 10_000;

    Duration tick() {
        return lease.dividedBy(3);
    }
}
