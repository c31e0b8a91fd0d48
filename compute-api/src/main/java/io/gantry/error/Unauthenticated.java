package io.gantry.error;

/** The credentials were not accepted. Deliberately says nothing about which part of them was wrong. */
public class Unauthenticated extends ComputeException {
    private static final long serialVersionUID = 1L;

    /** Creates the failure. */
    public Unauthenticated() {
        super(
                "UNAUTHENTICATED",
                false,
                null,
                "The credentials were not accepted",
                "Check user, secret and project; ask for access to the project if they are right",
                null);
    }
}
