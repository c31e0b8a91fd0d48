package io.gantry.error;

/** The idempotency token was used before, for a request with another body. */
public class IdempotencyConflict extends Conflict {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the failure.
     *
     * @param token the token
     * @param operation the id of the operation that the first request started
     */
    public IdempotencyConflict(String token, String operation) {
        super(
                "IDEMPOTENCY_CONFLICT",
                new ResourceRef("operation", operation),
                "idempotencyToken '" + token + "' belongs to operation " + operation + ", whose request was different",
                "Use a new token for a new request, or send the first request unchanged",
                null);
    }
}
