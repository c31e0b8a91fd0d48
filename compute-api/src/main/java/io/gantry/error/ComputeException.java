package io.gantry.error;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Root of everything that Gantry throws on purpose.
 *
 * <p>Not sealed: kinds will grow, and drivers may add their own. Dispatch on the class, or on {@link #code()} where the
 * failure crosses a process boundary. {@link #getMessage()} says what is wrong and, after it, what to do; it holds
 * nothing of the host's internals when the failure is meant for a tenant.
 */
public abstract class ComputeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final boolean retryable;
    private final transient @Nullable ResourceRef resource;
    private final String remediation;

    /**
     * Creates a failure.
     *
     * @param code stable, upper-case name of the kind
     * @param retryable whether the same call may succeed later without a change of the request
     * @param resource what the failure is about, or null
     * @param problem what is wrong, one sentence without a final full stop
     * @param remediation what the caller can do, one sentence without a final full stop
     * @param cause the native or lower-level cause, or null
     */
    protected ComputeException(
            String code,
            boolean retryable,
            @Nullable ResourceRef resource,
            String problem,
            String remediation,
            @Nullable Throwable cause) {
        super(requireNonNull(problem, "problem") + ". " + requireNonNull(remediation, "remediation") + ".", cause);
        this.code = requireNonNull(code, "code");
        this.retryable = retryable;
        this.resource = resource;
        this.remediation = remediation;
    }

    /** {@return what is wrong and, after it, what to do} */
    @Override
    public String getMessage() {
        return requireNonNull(super.getMessage(), "every ComputeException has a message");
    }

    /** {@return the stable name of this kind of failure, such as {@code NO_VALID_HOST}} */
    public final String code() {
        return code;
    }

    /** {@return whether the same call may succeed later without a change of the request} */
    public final boolean retryable() {
        return retryable;
    }

    /** {@return what the failure is about, where that is one resource} */
    public final Optional<ResourceRef> resource() {
        return Optional.ofNullable(resource);
    }

    /** {@return what is wrong, without what to do about it} */
    public final String problem() {
        String message = getMessage();
        String tail = ". " + remediation + ".";
        return message.endsWith(tail) ? message.substring(0, message.length() - tail.length()) : message;
    }

    /** {@return what the caller can do about it, one sentence} */
    public final String remediation() {
        return remediation;
    }
}
