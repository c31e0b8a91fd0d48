package io.gantry.driver.libvirt.port;

import static java.util.Objects.requireNonNull;

/** libvirt refused or failed a call: a copy of its {@code virError}. */
public final class LibvirtError extends RuntimeException {
    /** {@code VIR_ERR_INTERNAL_ERROR}. */
    public static final int INTERNAL_ERROR = 1;
    /** {@code VIR_ERR_NO_SUPPORT}: this hypervisor's driver lacks the call. */
    public static final int NO_SUPPORT = 3;
    /** {@code VIR_ERR_OPERATION_FAILED}. */
    public static final int OPERATION_FAILED = 9;
    /** {@code VIR_ERR_RPC}. */
    public static final int RPC = 39;
    /** {@code VIR_ERR_NO_DOMAIN}. */
    public static final int NO_DOMAIN = 42;
    /** {@code VIR_ERR_NO_STORAGE_POOL}. */
    public static final int NO_STORAGE_POOL = 49;
    /** {@code VIR_ERR_NO_STORAGE_VOL}. */
    public static final int NO_STORAGE_VOL = 50;
    /** {@code VIR_ERR_NO_NODE_DEVICE}. */
    public static final int NO_NODE_DEVICE = 53;
    /** {@code VIR_ERR_OPERATION_INVALID}: not possible in the state that the object is in. */
    public static final int OPERATION_INVALID = 55;
    /** {@code VIR_ERR_OPERATION_TIMEOUT}: another job on the same object did not end in time. */
    public static final int OPERATION_TIMEOUT = 68;
    /** {@code VIR_ERR_NO_DOMAIN_METADATA}. */
    public static final int NO_DOMAIN_METADATA = 80;
    /** {@code VIR_ERR_OPERATION_UNSUPPORTED}. */
    public static final int OPERATION_UNSUPPORTED = 84;
    /** {@code VIR_ERR_AGENT_UNRESPONSIVE}: the guest agent is not connected, or did not answer. */
    public static final int AGENT_UNRESPONSIVE = 86;
    /** {@code VIR_ERR_AGENT_UNSYNCED}: the guest agent answers something else than it was asked. */
    public static final int AGENT_UNSYNCED = 97;
    /** {@code VIR_ERR_AGENT_COMMAND_TIMEOUT}: the guest agent was asked, and did not answer in time. */
    public static final int AGENT_COMMAND_TIMEOUT = 112;
    /** {@code VIR_FROM_RPC}. */
    public static final int FROM_RPC = 7;
    /** {@code VIR_FROM_STORAGE}. */
    public static final int FROM_STORAGE = 18;

    private static final long serialVersionUID = 1L;

    private final int code;
    private final int domain;

    /**
     * Copies an error.
     *
     * @param code a {@code virErrorNumber}
     * @param domain a {@code virErrorDomain}
     * @param message libvirt's own words
     */
    public LibvirtError(int code, int domain, String message) {
        super(requireNonNull(message, "message"));
        this.code = code;
        this.domain = domain;
    }

    /** {@return the {@code virErrorNumber}} */
    public int code() {
        return code;
    }

    /** {@return the {@code virErrorDomain}} */
    public int domain() {
        return domain;
    }

    /** {@return libvirt's own words} */
    public String text() {
        return requireNonNull(getMessage());
    }

    /** {@return whether the driver of this hypervisor cannot do what was asked} */
    public boolean isUnsupported() {
        return code == NO_SUPPORT || code == OPERATION_UNSUPPORTED;
    }
}
