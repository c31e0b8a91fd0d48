package io.gantry.maintenance;

import io.gantry.error.Conflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.NotFound;
import io.gantry.host.HostId;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationId;
import io.gantry.operation.RequestOptions;

/** Plans and makes the moves of many instances. Safe for use by many threads. */
public interface Maintenance {
    /**
     * Plans to empty a host; moves and changes nothing. Blocks, since it asks hosts whether they can take the guests. The
     * instances' zones and all filters hold at each moment of the plan, in whatever order its moves end.
     *
     * @param host the host, enabled or not
     * @param spec how
     * @return the plan; what cannot be moved is listed with the reason
     * @throws NotFound if there is no such host
     */
    MigrationPlan drain(HostId host, DrainSpec spec);

    /**
     * Plans to spread or pack the load of all hosts that are up and enabled; moves and changes nothing. Blocks as {@link
     * #drain} does. A plan that was made right after another one was run is empty.
     *
     * @param policy what is to be reached
     * @return the plan; empty if no move is worth it
     */
    MigrationPlan rebalance(RebalancePolicy policy);

    /**
     * As {@link #run(MigrationPlan, OnFailure, RequestOptions)}; other moves go on if one fails.
     *
     * @param plan the plan
     * @return yields what became of each move
     */
    default Operation<PlanReport> run(MigrationPlan plan) {
        return run(plan, OnFailure.CONTINUE, RequestOptions.none());
    }

    /**
     * Makes the moves of a plan. A drained host is disabled first. Each move is a migration of its own, checked and claimed
     * anew; if its target cannot take it any more, another one is looked for, once. Instances that came to a drained host
     * meanwhile are moved too.
     *
     * <p>The operation's progress carries {@link PlanProgress}. It can be paused, resumed and cancelled; what was moved
     * stays moved then, and a drained host stays disabled. If the engine ends, the next one on the same store carries it on.
     *
     * @param plan the plan
     * @param onFailure what follows when a move fails
     * @param options beside the request
     * @return yields what became of each move, also if some failed
     * @throws NotFound if a host of the plan does not exist any more
     * @throws InvalidRequest if the plan moves an instance twice, or to where it is
     * @throws Conflict if the drained host is being drained already
     */
    Operation<PlanReport> run(MigrationPlan plan, OnFailure onFailure, RequestOptions options);

    /**
     * {@return how far the run of a plan is, whichever control node makes it; also after it has ended, as long as its
     * operation is kept}
     *
     * @param run the operation of the run
     * @throws NotFound if there is no such run
     */
    PlanProgress progress(OperationId run);

    /**
     * Begins no more moves; those under way go on. Does nothing if it is paused. A pause outlasts the engine.
     *
     * @param run the operation of the run
     * @throws NotFound if there is no such run, or it has ended
     */
    void pause(OperationId run);

    /**
     * Goes on with a run that was paused. Does nothing if it is not.
     *
     * @param run the operation of the run
     * @throws NotFound if there is no such run, or it has ended
     */
    void resume(OperationId run);

    /**
     * Ends a run before all is moved, also while it is paused. Returns at once; await the operation to see it end. {@link
     * Operation#cancel()} does the same with {@link MovesUnderWay#FINISH}.
     *
     * @param run the operation of the run
     * @param moves what becomes of those under way
     * @throws NotFound if there is no such run, or it has ended
     */
    void cancel(OperationId run, MovesUnderWay moves);
}
