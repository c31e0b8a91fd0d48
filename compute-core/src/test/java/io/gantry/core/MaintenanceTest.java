package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.Conflict;
import io.gantry.error.Forbidden;
import io.gantry.error.InvalidRequest;
import io.gantry.error.NotFound;
import io.gantry.flavor.Flavor;
import io.gantry.host.AggregateSpec;
import io.gantry.host.Host;
import io.gantry.host.HostId;
import io.gantry.identity.Caller;
import io.gantry.identity.ProjectId;
import io.gantry.identity.Role;
import io.gantry.identity.UserId;
import io.gantry.instance.Instance;
import io.gantry.instance.VmState;
import io.gantry.maintenance.DrainSpec;
import io.gantry.maintenance.Maintenance;
import io.gantry.maintenance.MigrationPlan;
import io.gantry.maintenance.MoveKind;
import io.gantry.maintenance.MoveOutcome;
import io.gantry.maintenance.MoveSettings;
import io.gantry.maintenance.MoveStatus;
import io.gantry.maintenance.MovesUnderWay;
import io.gantry.maintenance.OnFailure;
import io.gantry.maintenance.PlanReport;
import io.gantry.maintenance.PlannedMove;
import io.gantry.maintenance.RebalancePolicy;
import io.gantry.maintenance.UnmovableInstance;
import io.gantry.migration.LiveMigrationSpec;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationCancelled;
import io.gantry.operation.OperationId;
import io.gantry.operation.RequestOptions;
import io.gantry.placement.NoValidHost;
import io.gantry.unit.Bandwidth;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Draining a host and rebalancing all, through the engine, on simulated hosts. */
final class MaintenanceTest extends VerbTestBase {
    private static final DrainSpec SPEC = DrainSpec.because("firmware update")
            .with(MoveSettings.builder().overhead(Duration.ZERO).build());

    private Maintenance maintenance() {
        return engine.compute().maintenance();
    }

    private MigrationPlan drain(int n) {
        return maintenance().drain(h(n), SPEC);
    }

    private PlanReport run(MigrationPlan plan) {
        return maintenance().run(plan).await(SimEngine.PATIENCE);
    }

    private Host host(int n) {
        return engine.compute().hosts().get(h(n));
    }

    @Test
    void aPlanMovesNothing() {
        Instance instance = running("stays");

        MigrationPlan plan = drain(1);

        assertEquals(1, plan.moves().size());
        assertEquals(Optional.of(h(1)), get(instance.id()).host());
        assertTrue(host(1).enabled(), "the host is as it was");
    }

    @Test
    void drainingLeavesTheHostEmptyAndDisabled() {
        List<Instance> guests = List.of(running("a"), running("b"), running("c"), running("d"));

        MigrationPlan plan = drain(1);
        PlanReport report = run(plan);

        assertTrue(report.isComplete(), report::toString);
        assertEquals(0, engine.claimedInstances(1));
        assertEquals(4, engine.claimedInstances(2) + engine.claimedInstances(3));
        assertEquals(Optional.of("firmware update"), host(1).disabledReason());
        for (PlannedMove move : plan.moves()) {
            assertEquals(Optional.of(move.target()), get(move.instance()).host(), "it is where it was planned to be");
        }
        guests.forEach(guest -> assertTrue(engine.fleet().verify(guest.id()).intact(), "no page is lost"));
        assertEquals(0, engine.rows("plan-run"));
    }

    @Test
    void whatThePlanSaysIsShownAsATable() {
        running("shown");

        String text = drain(1).toString();

        assertTrue(text.contains("Drain of host h1 (firmware update): 1 moves"), text);
        assertTrue(text.contains("shown") && text.contains("LIVE"), text);
        assertTrue(text.contains("before: ") && text.contains("after: "), text);
    }

    @Test
    void aHostThatIsDisabledAlreadyKeepsItsReason() {
        running("a");
        engine.compute().hosts().disable(h(1), "bad fan");

        assertTrue(run(drain(1)).isComplete());

        assertEquals(Optional.of("bad fan"), host(1).disabledReason());
    }

    @Test
    void aStoppedInstanceIsMovedColdAndConfirmed() {
        Instance stopped = stopped("off");

        MigrationPlan plan = drain(1);
        PlanReport report = run(plan);

        assertEquals(MoveKind.COLD, plan.moves().get(0).kind());
        assertTrue(report.isComplete(), report::toString);
        assertEquals(VmState.STOPPED, get(stopped.id()).state());
        assertEquals(0, engine.claimedInstances(1), "its source is given back");
    }

    @Test
    void whatCannotBeMovedIsToldWithTheReason() {
        Instance rescued = running("rescued");
        await(instances().rescue(rescued.id(), engine.image()));
        Instance resized = running("resized");
        engine.compute()
                .migrations()
                .cold(resized.id(), Optional.of(h(2)), NO_OPTIONS)
                .await(SimEngine.PATIENCE);
        engine.compute()
                .aggregates()
                .create(AggregateSpec.builder("only").zone("only").build());
        engine.compute().hosts().disable(h(2), "no");
        engine.compute().hosts().disable(h(3), "no");
        Instance lonely = running("lonely");

        MigrationPlan plan = drain(1);

        assertEquals(List.of(), plan.moves());
        assertEquals("NO_VALID_HOST", unmovable(plan, lonely).code());
        assertTrue(unmovable(plan, lonely).reason().contains("HOST_DISABLED"), plan::toString);
        assertEquals("STATE", unmovable(plan, rescued).code());
        assertTrue(unmovable(plan, rescued).reason().contains("RESCUED"), plan::toString);
        assertEquals("RESIZE_PENDING", unmovable(plan, resized).code());
    }

    private static UnmovableInstance unmovable(MigrationPlan plan, Instance instance) {
        return plan.unmovable().stream()
                .filter(left -> left.instance().equals(instance.id()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aGuestThatOutrunsItsLinkIsNotCopiedInVain() {
        Instance wild = running("wild");
        engine.fleet().guest(wild.id()).dirtying(MemorySize.mib(200), Bandwidth.mibPerSecond(4000));

        SimEngine.await("it has touched its working set", () -> drain(1).isEmpty());
        UnmovableInstance left = unmovable(drain(1), wild);

        assertEquals("DOES_NOT_CONVERGE", left.code());
        assertTrue(left.reason().contains("200 MiB/s"), left.reason());
    }

    @Test
    void nothingNewComesToAHostThatIsBeingDrained() {
        slow("first");
        Operation<PlanReport> run = pausedRun(drain(1));

        NoValidHost refused = SimEngine.failure(
                NoValidHost.class,
                instances().create(engine.spec("late").host(h(1)).build()));

        assertTrue(refused.getMessage().contains("firmware update"), refused.getMessage());
        maintenance().resume(run.id());
        assertTrue(run.await(SimEngine.PATIENCE).isComplete());
    }

    /** A run that has disabled its host, and does not end before it is resumed. */
    private Operation<PlanReport> pausedRun(MigrationPlan plan) {
        Operation<PlanReport> run = maintenance().run(plan);
        maintenance().pause(run.id());
        SimEngine.await("the host is disabled", () -> !host(1).enabled());
        return run;
    }

    @Test
    void aPausedRunBeginsNothingAndGoesOnWhenItIsResumed() {
        for (int n = 0; n < 6; n++) {
            slow("slow" + n);
        }
        MigrationPlan plan = maintenance().drain(h(1), oneAtATime());
        Operation<PlanReport> run = maintenance().run(plan);
        SimEngine.await("a move is under way", () -> count(run.id(), MoveStatus.RUNNING) == 1);

        maintenance().pause(run.id());
        SimEngine.await("it ends", () -> count(run.id(), MoveStatus.RUNNING) == 0);
        long moved = count(run.id(), MoveStatus.MOVED);
        assertTrue(maintenance().progress(run.id()).paused());
        assertTrue(moved < 6, "the others wait");
        assertEquals(6 - moved, engine.claimedInstances(1));
        maintenance().resume(run.id());

        assertTrue(run.await(SimEngine.PATIENCE).isComplete());
    }

    @Test
    void aCancelledRunLetsItsMovesEnd() {
        for (int n = 0; n < 4; n++) {
            slow("slow" + n);
        }
        Operation<PlanReport> run = maintenance().run(maintenance().drain(h(1), oneAtATime()));
        SimEngine.await("a move is under way", () -> engine.fleet().migrations() == 1);

        run.cancel();

        SimEngine.failure(OperationCancelled.class, run);
        List<MoveOutcome> moves = maintenance().progress(run.id()).moves();
        assertTrue(
                moves.stream()
                        .allMatch(move -> move.status() == MoveStatus.MOVED || move.status() == MoveStatus.SKIPPED),
                moves::toString);
        assertTrue(moves.stream().anyMatch(move -> move.status() == MoveStatus.MOVED), moves::toString);
        assertEquals(count(run.id(), MoveStatus.SKIPPED), engine.claimedInstances(1));
        assertEquals(0, engine.fleet().migrations());
        assertEquals(0, engine.rows("plan-run"));
    }

    @Test
    void aRunCanBeCancelledWithTheMovesUnderWay() {
        Instance slow = slow("slow");
        Operation<PlanReport> run = maintenance().run(maintenance().drain(h(1), oneAtATime()));
        SimEngine.await("a move is under way", () -> engine.fleet().migrations() == 1);

        maintenance().cancel(run.id(), MovesUnderWay.ABORT);

        SimEngine.failure(OperationCancelled.class, run);
        assertEquals(1, count(run.id(), MoveStatus.SKIPPED));
        assertEquals(Optional.of(h(1)), get(slow.id()).host());
        assertEquals(VmState.ACTIVE, get(slow.id()).state());
        assertEquals(0, engine.claimedInstances(2) + engine.claimedInstances(3));
    }

    private long count(OperationId run, MoveStatus status) {
        return maintenance().progress(run).count(status);
    }

    /** A guest whose memory takes about half a second to move. */
    private Instance slow(String name) {
        if (engine.compute().flavors().list().stream()
                .noneMatch(flavor -> flavor.name().equals("slow"))) {
            engine.compute()
                    .flavors()
                    .create(Flavor.builder("slow")
                            .memory(MemorySize.mib(256))
                            .disk(DiskSize.gib(1))
                            .extraSpec("sim:resident_mib", "100")
                            .build());
        }
        return instances()
                .create(engine.spec(name).flavor("slow").host(h(1)).build())
                .await(SimEngine.PATIENCE);
    }

    private static DrainSpec oneAtATime() {
        return SPEC.with(
                MoveSettings.builder().perSource(1).overhead(Duration.ZERO).build());
    }

    @Test
    void aTargetThatFilledUpMeanwhileIsReplacedOnce() {
        Instance instance = running("moved");
        MigrationPlan plan = drain(1);
        HostId planned = plan.moves().get(0).target();
        engine.compute().hosts().disable(planned, "taken out meanwhile");

        PlanReport report = run(plan);

        MoveOutcome move = report.moves().get(0);
        assertEquals(MoveStatus.MOVED, move.status());
        assertTrue(move.replanned());
        assertTrue(move.detail().contains("taken out meanwhile"), move.detail());
        assertFalse(move.target().equals(planned));
        assertEquals(Optional.of(move.target()), get(instance.id()).host());
    }

    @Test
    void aMoveThatFindsNoPlaceAnyMoreFailsAndTheOthersGoOn() {
        running("one");
        running("two");
        MigrationPlan plan = drain(1);
        engine.compute().hosts().disable(h(2), "full");
        engine.compute().hosts().disable(h(3), "full");

        PlanReport report = run(plan);

        assertEquals(2, report.failed().size(), report::toString);
        assertTrue(report.failed().get(0).detail().contains("HOST_DISABLED"), report::toString);
        assertEquals(2, report.remaining().size());
        assertFalse(report.isComplete());
    }

    @Test
    void aRunCanStopAtTheFirstFailure() {
        running("one");
        running("two");
        running("three");
        MigrationPlan plan = maintenance().drain(h(1), oneAtATime());
        engine.compute().hosts().disable(h(2), "full");
        engine.compute().hosts().disable(h(3), "full");

        PlanReport report =
                maintenance().run(plan, OnFailure.STOP, RequestOptions.none()).await(SimEngine.PATIENCE);

        assertEquals(1, report.failed().size(), report::toString);
        assertEquals(
                2,
                report.moves().stream()
                        .filter(move -> move.status() == MoveStatus.SKIPPED)
                        .count());
    }

    @Test
    void whatCameAfterThePlanWasMadeIsMovedToo() {
        running("planned");
        MigrationPlan plan = drain(1);
        Instance late = running("late");

        PlanReport report = run(plan);

        assertTrue(report.isComplete(), report::toString);
        assertEquals(2, report.moves().size());
        assertFalse(get(late.id()).host().equals(Optional.of(h(1))));
    }

    @Test
    void anInstanceThatIsGoneOrElsewhereIsLeftOut() {
        Instance gone = running("gone");
        Instance elsewhere = running("elsewhere");
        MigrationPlan plan = drain(1);
        await(instances().delete(gone.id()));
        PlannedMove move = plan.moves().stream()
                .filter(planned -> planned.instance().equals(elsewhere.id()))
                .findFirst()
                .orElseThrow();
        HostId other = move.target().equals(h(2)) ? h(3) : h(2);
        engine.compute()
                .migrations()
                .live(elsewhere.id(), LiveMigrationSpec.to(other))
                .await(SimEngine.PATIENCE);

        PlanReport report = run(plan);

        assertEquals(
                List.of(MoveStatus.SKIPPED, MoveStatus.SKIPPED),
                report.moves().stream().map(MoveOutcome::status).toList());
        assertEquals(Optional.of(other), get(elsewhere.id()).host());
    }

    @Test
    void aHostIsDrainedByOneRunAtATime() {
        slow("slow");
        MigrationPlan plan = drain(1);
        Operation<PlanReport> run = maintenance().run(plan);

        refused(Conflict.class, () -> maintenance().run(plan), "h1", run.id().toString());

        assertTrue(run.await(SimEngine.PATIENCE).isComplete());
    }

    @Test
    void theSameTokenYieldsTheSameRun() {
        slow("slow");
        MigrationPlan plan = drain(1);
        RequestOptions token = RequestOptions.idempotencyToken("night-shift");
        Operation<PlanReport> run = maintenance().run(plan, OnFailure.CONTINUE, token);

        assertEquals(
                run.id(), maintenance().run(plan, OnFailure.CONTINUE, token).id());

        run.await(SimEngine.PATIENCE);
    }

    @Test
    void badInputIsRefusedAndChangesNothing() {
        running("a");
        MigrationPlan plan = drain(1);
        List<PlannedMove> twice = new ArrayList<>(plan.moves());
        PlannedMove move = twice.get(0);
        twice.add(new PlannedMove(2, 1, move.instance(), "a", move.source(), h(3), move.kind(), move.prediction()));

        refused(InvalidRequest.class, () -> DrainSpec.because(" "), "drain.reason");
        refused(InvalidRequest.class, () -> MoveSettings.builder().perSource(5).build(), "perSource", "1 to 4");
        refused(InvalidRequest.class, () -> RebalancePolicy.spread().minGain(0), "minGain");
        refused(NotFound.class, () -> maintenance().drain(h(9), SPEC), "h9");
        refused(InvalidRequest.class, () -> maintenance().run(with(plan, twice)), "moved twice");
        refused(NotFound.class, () -> maintenance().pause(OperationId.random()), "operation");
        assertEquals(0, engine.rows("plan-run"));
        assertTrue(host(1).enabled());
    }

    private static MigrationPlan with(MigrationPlan plan, List<PlannedMove> moves) {
        return new MigrationPlan(
                plan.kind(),
                plan.drained(),
                plan.reason(),
                moves,
                plan.unmovable(),
                plan.before(),
                plan.after(),
                plan.duration(),
                plan.settings());
    }

    @Test
    void onlyWhoRunsTheCloudMayPlanAndRun() {
        running("a");
        MigrationPlan plan = drain(1);
        Maintenance manager = engine.compute()
                .as(new Caller(ProjectId.of("p"), UserId.of("u"), Role.MANAGER))
                .maintenance();

        assertThrows(Forbidden.class, () -> manager.drain(h(1), SPEC));
        assertThrows(Forbidden.class, () -> manager.rebalance(RebalancePolicy.spread()));
        assertThrows(Forbidden.class, () -> manager.run(plan));
        assertThrows(Forbidden.class, () -> manager.pause(OperationId.random()));
    }

    @Test
    void spreadingEvensTheLoadAndThenFindsNothingToDo() {
        for (int n = 0; n < 6; n++) {
            running("g" + n);
        }

        MigrationPlan plan = maintenance().rebalance(RebalancePolicy.spread());
        PlanReport report = run(plan);

        assertTrue(report.isComplete(), report::toString);
        assertTrue(plan.after().imbalance() < plan.before().imbalance(), plan::toString);
        for (int n = 1; n <= 3; n++) {
            assertEquals(2, engine.claimedInstances(n), "they are spread");
        }
        assertTrue(maintenance().rebalance(RebalancePolicy.spread()).isEmpty(), "no thrash");
    }

    @Test
    void packingEmptiesHostsAndThenFindsNothingToDo() {
        running("a");
        engine.createdOn(2, "b");
        engine.createdOn(3, "c");
        engine.createdOn(3, "d");

        MigrationPlan plan = maintenance().rebalance(RebalancePolicy.pack());
        PlanReport report = run(plan);

        assertTrue(report.isComplete(), report::toString);
        assertEquals(4, engine.claimedInstances(3), plan.toString());
        assertTrue(maintenance().rebalance(RebalancePolicy.pack()).isEmpty(), "no thrash");
    }

    @Test
    void anInstanceThatAskedForItsZoneStaysThere() {
        for (String zone : List.of("east", "west")) {
            engine.compute()
                    .aggregates()
                    .create(AggregateSpec.builder(zone).zone(zone).build());
        }
        engine.compute().aggregates().addHost("east", h(1));
        engine.compute().aggregates().addHost("east", h(2));
        engine.compute().aggregates().addHost("west", h(3));
        Instance pinned = instances()
                .create(engine.spec("pinned").zone("east").host(h(1)).build())
                .await(SimEngine.PATIENCE);

        assertTrue(run(drain(1)).isComplete());

        assertEquals(Optional.of(h(2)), get(pinned.id()).host());
        assertEquals("NO_VALID_HOST", unmovable(drain(2), pinned).code(), "its host is the last of its zone");
    }
}
