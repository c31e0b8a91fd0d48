package io.gantry.core.operation;

import io.gantry.operation.OperationId;

/**
 * Told of each entry in the journal, for tests of crashes and failures, and for tracing. Called from the thread that runs
 * the step. What it throws counts as the step's failure.
 */
@FunctionalInterface
public interface OperationProbe {
    /** Does nothing. */
    OperationProbe NONE = point -> {};

    /** Called at a point of an operation. */
    void at(Point point) throws Exception;

    /** Where at a step. */
    enum Phase {
        /** The step is begun; nothing of it is done. The journal says so, unless the step is a brief one. */
        BEGUN,
        /** The step is done; the journal does not say so yet. */
        DONE,
        /** The journal says that the step is being undone; it is not yet. */
        UNDOING,
        /** The step is undone; the journal does not say so yet. */
        UNDONE,
        /** The end of the operation is recorded; nobody has been told. */
        ENDED
    }

    /**
     * A point of an operation.
     *
     * @param operation the operation
     * @param verb its verb
     * @param step the step; the verb itself at the end
     * @param phase where at the step
     */
    record Point(OperationId operation, String verb, String step, Phase phase) {}
}
