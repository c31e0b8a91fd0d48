package io.gantry.operation;

/** How far an operation is. More values may come; treat an unknown one as running unless {@link #ended()} says no. */
public enum OperationStatus {
    /** Recorded, not begun. */
    ACCEPTED(false),
    /** Its steps are being done, or undone. */
    RUNNING(false),
    /** Done. */
    SUCCEEDED(true),
    /** Given up; what had been done is undone where that is possible. */
    FAILED(true),
    /** Ended by {@link Operation#cancel()}; what had been done is undone. */
    CANCELLED(true);

    private final boolean ended;

    OperationStatus(boolean ended) {
        this.ended = ended;
    }

    /** {@return whether nothing more will happen} */
    public boolean ended() {
        return ended;
    }
}
