package io.gantry.error;

/** The named resource does not exist, or is not visible to the caller. */
public class NotFound extends ComputeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the failure.
     *
     * @param resource what was asked for
     * @param remediation where to look, such as {@code List the images with compute.images().list()}
     */
    public NotFound(ResourceRef resource, String remediation) {
        super("NOT_FOUND", false, resource, "No " + resource + " is known", remediation, null);
    }
}
