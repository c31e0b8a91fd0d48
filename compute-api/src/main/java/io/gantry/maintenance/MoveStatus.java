package io.gantry.maintenance;

/** How far a move of a plan is. */
public enum MoveStatus {
    /** Not begun. */
    WAITING(false),
    /** Under way. */
    RUNNING(false),
    /** The instance is on its target. */
    MOVED(true),
    /** The instance stayed, or where it is has to be found out; the move's detail says why. */
    FAILED(true),
    /** Not tried, or aborted on request: the instance is gone or elsewhere, or the plan was stopped. */
    SKIPPED(true);

    private final boolean ended;

    MoveStatus(boolean ended) {
        this.ended = ended;
    }

    /** {@return whether nothing more will happen} */
    public boolean ended() {
        return ended;
    }
}
