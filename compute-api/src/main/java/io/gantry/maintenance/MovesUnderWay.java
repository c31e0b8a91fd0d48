package io.gantry.maintenance;

/** What becomes of moves that are under way when their plan is cancelled. Either way no instance is half moved. */
public enum MovesUnderWay {
    /** They end as they would have. */
    FINISH,
    /** They are aborted, and the instances stay where they were; one past its point of no return ends. */
    ABORT
}
