package io.gantry.error;

/** The caller may not do this. */
public class Forbidden extends ComputeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the failure.
     *
     * @param resource what the request is about
     * @param verb what was asked
     * @param remediation which role or policy would permit it
     */
    public Forbidden(ResourceRef resource, String verb, String remediation) {
        super("FORBIDDEN", false, resource, "The caller may not " + verb + " " + resource, remediation, null);
    }
}
