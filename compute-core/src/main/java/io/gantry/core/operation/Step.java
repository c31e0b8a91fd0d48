package io.gantry.core.operation;

/** One step of a saga. Running it twice, or undoing what was never or only partly done, does no harm. */
public interface Step {
    /** {@return the name in progress and journal} */
    String name();

    /** {@return where it runs} */
    Lane lane(StepContext context);

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
