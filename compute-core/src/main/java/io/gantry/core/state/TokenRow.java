package io.gantry.core.state;

import io.gantry.operation.OperationId;

/**
 * A used idempotency token.
 *
 * @param token the token
 * @param requestHash SHA-256 of the request that came with it
 * @param operation the operation that the request started
 */
public record TokenRow(String token, String requestHash, OperationId operation) {}
