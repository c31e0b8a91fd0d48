package io.gantry.error;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** The hypervisor refused or failed a request; its own words are in the cause and the message. */
public class HypervisorError extends ComputeException {
    private static final long serialVersionUID = 1L;

    private final String host;
    private final int nativeCode;
    private final int domain;

    /**
     * Creates the failure.
     *
     * @param host the host's id
     * @param nativeCode the hypervisor library's error number, such as a {@code virErrorNumber}; 0 where it has none
     * @param domain the part of the hypervisor library that failed, such as a {@code virErrorDomain}; 0 where unknown
     * @param problem what was asked and what the hypervisor said
     * @param cause the native cause, or null
     */
    public HypervisorError(String host, int nativeCode, int domain, String problem, @Nullable Throwable cause) {
        super(
                "HYPERVISOR_ERROR",
                false,
                new ResourceRef("host", host),
                "Host " + host + ": " + problem,
                "Read the hypervisor's log on that host for the reason",
                cause);
        this.host = requireNonNull(host, "host");
        this.nativeCode = nativeCode;
        this.domain = domain;
    }

    /** {@return the host's id} */
    public final String host() {
        return host;
    }

    /** {@return the hypervisor library's error number, or 0} */
    public final int nativeCode() {
        return nativeCode;
    }

    /** {@return the part of the hypervisor library that failed, or 0} */
    public final int domain() {
        return domain;
    }
}
