package io.gantry.error;

import org.jspecify.annotations.Nullable;

/**
 * The host did not answer, or not within the deadline of the call. What the call asked for was not begun; where it may
 * have been begun, {@link OutcomeUnknown} is thrown instead.
 */
public class HostUnreachable extends ComputeException {
    private static final long serialVersionUID = 1L;

    private final String host;

    /**
     * Creates the failure.
     *
     * @param host the host's id
     * @param problem what happened, such as {@code no answer to 'guest list' within PT5S}
     * @param cause the native cause, or null
     */
    public HostUnreachable(String host, String problem, @Nullable Throwable cause) {
        this(
                "HOST_UNREACHABLE",
                host,
                problem,
                "Check the host's hypervisor daemon and network, then try again",
                cause);
    }

    /**
     * Creates a narrower kind.
     *
     * @param code stable name of the narrower kind
     * @param host the host's id
     * @param problem what happened
     * @param remediation what to do
     * @param cause the native cause, or null
     */
    protected HostUnreachable(String code, String host, String problem, String remediation, @Nullable Throwable cause) {
        super(code, true, new ResourceRef("host", host), "Host " + host + ": " + problem, remediation, cause);
        this.host = host;
    }

    /** {@return the host's id} */
    public final String host() {
        return host;
    }
}
