package io.gantry.core.operation;

/**
 * One step of a saga. Running it twice, or undoing what was never or only partly done, does no harm.
 *
 * <p>Each entry in the journal waits for the disk. Hence {@link #isNeeded} and {@link #isBrief}: a step that has nothing
 * to do, or takes a moment and has nothing to undo, needs none of its own.
 */
public interface Step {
    /** {@return the name in progress and journal} */
    String name();

    /** {@return where it runs} */
    Lane lane(StepContext context);

    /**
     * {@return whether there is anything to do, by what is recorded} One that is not needed is passed over. When the saga
     * is undone, it is asked to undo all the same.
     */
    default boolean isNeeded(StepContext context) {
        return true;
    }

    /**
     * {@return whether it is journaled with the next entry only} It has nothing to undo; if the owner goes away while it
     * runs, the step before runs again, and then it does.
     */
    default boolean isBrief() {
        return false;
    }

    /**
     * {@return whether its entry is the point of no return} Once it is begun its owner can no longer cancel, no deadline
     * ends the operation, and a failure undoes nothing any more.
     */
    default boolean commits() {
        return false;
    }

    /**
     * Does the step.
     *
     * @throws Exception what made it fail; the steps begun so far are undone, this one first
     */
    void run(StepContext context) throws Exception;

    /**
     * Undoes the step, from what was recorded in the context.
     *
     * @throws Exception what made that fail; earlier steps are not undone then
     */
    default void undo(StepContext context) throws Exception {}

    /**
     * {@return whether the step is wholly done} Asked before a step is run again whose owner went away while it ran; a
     * step that says no, or fails to tell, is run.
     */
    default boolean verify(StepContext context) throws Exception {
        return false;
    }
}
