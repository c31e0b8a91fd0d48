package io.gantry.core.operation;

/**
 * A request and what accepts it.
 *
 * @param request what is asked
 * @param acceptance checks and records it
 * @param <Q> its type
 */
public record Submission<Q>(Q request, Acceptance acceptance) {}
