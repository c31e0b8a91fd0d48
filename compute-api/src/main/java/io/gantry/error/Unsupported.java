package io.gantry.error;

/** The host, driver or back end in question lacks the capability that the request needs. */
public class Unsupported extends ComputeException {
    private static final long serialVersionUID = 1L;

    private final String capability;

    /**
     * Creates the failure.
     *
     * @param resource what lacks the capability
     * @param capability the capability, such as {@code LIVE_MIGRATION}
     * @param why why it is lacking there
     * @param remediation what to do instead
     */
    public Unsupported(ResourceRef resource, String capability, String why, String remediation) {
        super(
                "UNSUPPORTED",
                false,
                resource,
                resource + " does not support " + capability + ": " + why,
                remediation,
                null);
        this.capability = capability;
    }

    /** {@return the missing capability} */
    public final String capability() {
        return capability;
    }
}
