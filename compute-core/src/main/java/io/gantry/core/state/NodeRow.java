package io.gantry.core.state;

import java.time.Instant;

/**
 * A control node's lease on the operations that it runs.
 *
 * @param id the node's id
 * @param epoch rises each time a process takes the node's place
 * @param expiresAt until when others leave its operations alone, by the store's clock
 */
public record NodeRow(String id, long epoch, Instant expiresAt) {}
