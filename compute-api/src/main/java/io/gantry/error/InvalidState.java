package io.gantry.error;

import java.util.List;

/** The resource is not in a state from which the verb is possible; nothing was changed. */
public class InvalidState extends ComputeException {
    private static final long serialVersionUID = 1L;

    private final String verb;
    private final String state;
    private final List<String> allowed;

    /**
     * Creates the failure.
     *
     * @param resource whose state it is
     * @param verb what was asked
     * @param state the state it is in
     * @param allowed the states from which the verb is possible
     */
    public InvalidState(ResourceRef resource, String verb, String state, List<String> allowed) {
        super(
                "INVALID_STATE",
                false,
                resource,
                "Cannot " + verb + " " + resource + " while it is " + state,
                "Bring it to one of " + allowed + " first",
                null);
        this.verb = verb;
        this.state = state;
        this.allowed = List.copyOf(allowed);
    }

    /** {@return what was asked} */
    public final String verb() {
        return verb;
    }

    /** {@return the state it is in} */
    public final String state() {
        return state;
    }

    /** {@return the states from which the verb is possible} */
    public final List<String> allowed() {
        return allowed;
    }
}
