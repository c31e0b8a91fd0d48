package io.gantry.core.lifecycle;

import io.gantry.core.operation.Lane;
import io.gantry.core.operation.Step;
import io.gantry.core.operation.StepContext;
import java.util.function.Function;
import java.util.function.Predicate;

/** A step of a verb, put together from what it does, undoes and checks. Immutable. */
public final class GuestStep implements Step {
    private final String name;
    private final Function<StepContext, Lane> lane;
    private final Work run;
    private final Work undo;
    private final Check check;
    private final Rules rules;

    /**
     * How it is journaled.
     *
     * @param needed whether there is anything to do
     * @param commits whether its entry is the point of no return
     * @param brief whether it has no entry of its own
     */
    private record Rules(Predicate<StepContext> needed, boolean commits, boolean brief) {
        static final Rules ALWAYS = new Rules(context -> true, false, false);
    }

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

    private GuestStep(String name, Function<StepContext, Lane> lane, Work run, Work undo, Check check, Rules rules) {
        this.name = name;
        this.lane = lane;
        this.run = run;
        this.undo = undo;
        this.check = check;
        this.rules = rules;
    }

    /** {@return a step in a lane} */
    public static GuestStep in(Function<StepContext, Lane> lane, String name, Work run) {
        return new GuestStep(name, lane, run, context -> {}, context -> false, Rules.ALWAYS);
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
        return new GuestStep(name, lane, run, work, check, rules);
    }

    /** {@return the step with what tells whether it is done} */
    public GuestStep verify(Check done) {
        return new GuestStep(name, lane, run, undo, done, rules);
    }

    /** {@return the step, passed over where what is recorded shows that there is nothing to do} */
    GuestStep when(Predicate<StepContext> needed) {
        return new GuestStep(name, lane, run, undo, check, new Rules(needed, rules.commits, rules.brief));
    }

    /** {@return the step, whose entry in the journal is the point of no return} */
    GuestStep committing() {
        return new GuestStep(name, lane, run, undo, check, new Rules(rules.needed, true, rules.brief));
    }

    /** {@return the step, which takes a moment and has nothing to undo, without an entry of its own} */
    GuestStep brief() {
        return new GuestStep(name, lane, run, undo, check, new Rules(rules.needed, rules.commits, true));
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
    public boolean isNeeded(StepContext context) {
        return rules.needed.test(context);
    }

    @Override
    public boolean isBrief() {
        return rules.brief;
    }

    @Override
    public boolean commits() {
        return rules.commits;
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
