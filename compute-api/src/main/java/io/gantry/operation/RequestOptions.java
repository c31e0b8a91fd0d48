package io.gantry.operation;

import io.gantry.error.InvalidRequest;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a caller may say about a request beside the request itself. Immutable. */
public final class RequestOptions {
    private static final int MAX_TEXT = 255;
    private static final RequestOptions NONE = new RequestOptions(null, null, null);

    private final @Nullable String idempotencyToken;
    private final @Nullable String requestId;
    private final @Nullable Duration deadline;

    private RequestOptions(@Nullable String idempotencyToken, @Nullable String requestId, @Nullable Duration deadline) {
        this.idempotencyToken = idempotencyToken;
        this.requestId = requestId;
        this.deadline = deadline;
    }

    /** {@return no options} */
    public static RequestOptions none() {
        return NONE;
    }

    /**
     * {@return options with a token that makes a repeated request harmless}
     *
     * <p>The same token with the same request yields the operation that the first one started; with another request
     * it is refused with {@link io.gantry.error.IdempotencyConflict}. Tokens of different projects do not meet.
     *
     * @param token 1 to 255 characters, chosen by the caller
     * @throws InvalidRequest if the token is blank or too long
     */
    public static RequestOptions idempotencyToken(String token) {
        return NONE.withIdempotencyToken(token);
    }

    /**
     * {@return these options with a token}
     *
     * @param token as for {@link #idempotencyToken(String)}
     * @throws InvalidRequest if the token is blank or too long
     */
    public RequestOptions withIdempotencyToken(String token) {
        checkText("idempotencyToken", token);
        return new RequestOptions(token, requestId, deadline);
    }

    /**
     * {@return these options with the caller's own name for the request, which the record of actions keeps}
     *
     * @param id 1 to 255 characters
     * @throws InvalidRequest if it is blank or too long
     */
    public RequestOptions withRequestId(String id) {
        checkText("requestId", id);
        return new RequestOptions(idempotencyToken, id, deadline);
    }

    /**
     * {@return these options with a deadline: an operation that has not passed its point of no return by then is given up
     * and undone}
     *
     * @param timeout from the acceptance on; more than zero
     * @throws InvalidRequest if it is zero or negative
     */
    public RequestOptions withDeadline(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new InvalidRequest("deadline", timeout, "must be positive", "Give how long the operation may take");
        }
        return new RequestOptions(idempotencyToken, requestId, timeout);
    }

    private static void checkText(String field, String text) {
        if (text.isBlank() || text.length() > MAX_TEXT) {
            throw new InvalidRequest(
                    field, text, "must have 1 to 255 characters", "Use an id of your own, such as an order's");
        }
    }

    /** {@return the token, if one was given} */
    public Optional<String> idempotencyToken() {
        return Optional.ofNullable(idempotencyToken);
    }

    /** {@return the caller's name for the request, if one was given} */
    public Optional<String> requestId() {
        return Optional.ofNullable(requestId);
    }

    /** {@return how long the operation may take, if that was said; a day otherwise} */
    public Optional<Duration> deadline() {
        return Optional.ofNullable(deadline);
    }
}
