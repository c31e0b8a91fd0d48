package io.gantry.core.lifecycle;

import io.gantry.core.operation.Lane;
import io.gantry.core.operation.Step;
import io.gantry.core.operation.StepContext;
import java.util.function.Function;

/** A step of a verb, put together from what it does, undoes and checks. Immutable. */
public final class GuestStep implements Step {
    private final String name;
    private final Function<StepContext, Lane> lane;
    private final Work run;
    private final Work undo;
    private final Check check;

    /** What is done. */
    @FunctionalInterface
    public interface Work {
        /** Does it. */
        void run(StepContext context) throws Exception;
    }

    /** What is checked. */
    @FunctionalInterface
    public interface Check {
        /** {@return whether it is so} */
        boolean test(StepContext context) throws Exception;
    }

    private GuestStep(String name, Function<StepContext, Lane> lane, Work run, Work undo, Check check) {
        this.name = name;
        this.lane = lane;
        this.run = run;
        this.undo = undo;
        this.check = check;
    }

    /** {@return a step in a lane} */
    public static GuestStep in(Function<StepContext, Lane> lane, String name, Work run) {
        return new GuestStep(name, lane, run, context -> {}, context -> false);
    }

    /** {@return a step that waits for nothing but the store} */
    static GuestStep control(String name, Work run) {
        return in(context -> new Lane.Control(), name, run);
    }

    /** {@return a step that may take long} */
    static GuestStep waiting(String name, Work run) {
        return in(context -> new Lane.Waiting(), name, run);
    }

    /** {@return the step with what undoes it} */
    public GuestStep undo(Work work) {
        return new GuestStep(name, lane, run, work, check);
    }

    /** {@return the step with what tells whether it is done} */
    public GuestStep verify(Check done) {
        return new GuestStep(name, lane, run, undo, done);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Lane lane(StepContext context) {
        return lane.apply(context);
    }

    @Override
    public void run(StepContext context) throws Exception {
        run.run(context);
    }

    @Override
    public void undo(StepContext context) throws Exception {
        undo.run(context);
    }

    @Override
    public boolean verify(StepContext context) throws Exception {
        return check.test(context);
    }
}
