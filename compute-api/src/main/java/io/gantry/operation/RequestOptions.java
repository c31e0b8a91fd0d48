package io.gantry.operation;

import io.gantry.error.InvalidRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a caller may say about a request beside the request itself. Immutable. */
public final class RequestOptions {
    private static final int MAX_TOKEN = 255;
    private static final RequestOptions NONE = new RequestOptions(null);

    private final @Nullable String idempotencyToken;

    private RequestOptions(@Nullable String idempotencyToken) {
        this.idempotencyToken = idempotencyToken;
    }

    /** {@return no options} */
    public static RequestOptions none() {
        return NONE;
    }

    /**
     * {@return options with a token that makes a repeated request harmless}
     *
     * <p>The same token with the same request yields the operation that the first one started; with another request
     * it is refused with {@link io.gantry.error.IdempotencyConflict}.
     *
     * @param token 1 to 255 characters, chosen by the caller
     * @throws InvalidRequest if the token is blank or too long
     */
    public static RequestOptions idempotencyToken(String token) {
        if (token.isBlank() || token.length() > MAX_TOKEN) {
            throw new InvalidRequest(
                    "idempotencyToken",
                    token,
                    "must have 1 to 255 characters",
                    "Use an id of your own, such as an order's");
        }
        return new RequestOptions(token);
    }

    /** {@return the token, if one was given} */
    public Optional<String> idempotencyToken() {
        return Optional.ofNullable(idempotencyToken);
    }
}
