package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.core.sync.GuestSync;
import io.gantry.driver.sim.SimCall;
import io.gantry.driver.sim.SimHold;
import io.gantry.error.Conflict;
import io.gantry.error.HypervisorError;
import io.gantry.error.InvalidState;
import io.gantry.error.NotFound;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceChanged;
import io.gantry.instance.InstanceFault;
import io.gantry.instance.PowerState;
import io.gantry.instance.RebootKind;
import io.gantry.instance.StopOptions;
import io.gantry.instance.VmState;
import io.gantry.operation.NotCancellable;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationCancelled;
import io.gantry.operation.OperationStatus;
import io.gantry.placement.NoValidHost;
import io.gantry.placement.PlacementReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs, on simulated hosts. */
final class InstanceLifecycleTest {
    private SimEngine engine;

    @BeforeEach
    void open(@TempDir Path directory) {
        engine = SimEngine.open(directory, 3);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void createEndsActiveOnTheHostThatTheReportNames() {
        Operation<Instance> create = engine.create("web-1");
        Instance instance = create.await(SimEngine.PATIENCE);
        PlacementReport report =
                engine.compute().instances().placement(instance.id()).orElseThrow();

        assertEquals(OperationStatus.SUCCEEDED, create.status());
        assertEquals(VmState.ACTIVE, instance.state());
        assertEquals(PowerState.RUNNING, instance.power());
        assertTrue(instance.task().isEmpty());
        assertEquals(report.chosen(), instance.host());
        assertEquals(3, report.hosts().size());
        assertEquals(instance, engine.get(instance));
        assertEquals(List.of(instance), engine.compute().instances().list());
        assertEquals(instance, engine.compute().operation(create.id()).await(SimEngine.PATIENCE));
    }

    @Test
    void anInstanceIsVisibleWhileItIsBuilt() throws InterruptedException {
        SimHold hold = engine.host(1).holdNext(SimCall.CREATE);
        Operation<Instance> create = engine.compute()
                .instances()
                .create(engine.spec("slow").host(HostId.of("h1")).build());
        assertTrue(hold.awaitCall(SimEngine.PATIENCE));

        Instance building = engine.compute().instances().list().get(0);
        assertEquals(VmState.BUILDING, building.state());
        assertEquals(List.of(create), engine.compute().runningOperations());

        hold.release();
        assertEquals(VmState.ACTIVE, create.await(SimEngine.PATIENCE).state());
        assertEquals(List.of(), engine.compute().runningOperations());
    }

    @Test
    void stopStartPauseUnpauseReboot() {
        Instance instance = engine.created("web-1");

        assertEquals(
                VmState.STOPPED,
                await(engine.compute().instances().stop(instance.id())).state());
        assertEquals(
                VmState.ACTIVE,
                await(engine.compute().instances().start(instance.id())).state());
        assertEquals(
                VmState.PAUSED,
                await(engine.compute().instances().pause(instance.id())).state());
        assertEquals(
                VmState.ACTIVE,
                await(engine.compute().instances().unpause(instance.id())).state());
        assertEquals(
                VmState.ACTIVE,
                await(engine.compute().instances().reboot(instance.id(), RebootKind.SOFT))
                        .state());
        assertEquals(
                VmState.ACTIVE,
                await(engine.compute().instances().reboot(instance.id(), RebootKind.HARD))
                        .state());
        assertEquals(
                VmState.STOPPED,
                await(engine.compute().instances().stop(instance.id(), StopOptions.hard()))
                        .state());
    }

    @Test
    void stopPullsThePlugOfAGuestThatIgnoresTheRequest() {
        Instance instance = engine.created("deaf");
        engine.fleet().guest(instance.id()).ignoreShutdown(true);

        Instance stopped =
                await(engine.compute().instances().stop(instance.id(), StopOptions.clean(Duration.ofMillis(200))));

        assertEquals(VmState.STOPPED, stopped.state());
        assertEquals(PowerState.SHUTDOWN, stopped.power());
    }

    @Test
    void stopOfAPausedGuestDoesNotWaitForIt() {
        Instance instance = engine.created("paused");
        await(engine.compute().instances().pause(instance.id()));

        long began = System.nanoTime();
        Instance stopped = await(engine.compute().instances().stop(instance.id()));

        assertEquals(VmState.STOPPED, stopped.state());
        assertTrue(System.nanoTime() - began < Duration.ofSeconds(30).toNanos(), "not the clean timeout");
    }

    @Test
    void deleteLeavesNothing() {
        Instance instance = engine.created("gone");

        Instance last = await(engine.compute().instances().delete(instance.id()));

        assertEquals(VmState.DELETED, last.state());
        assertThrows(NotFound.class, () -> engine.get(instance));
        assertNothingLeft();
    }

    @Test
    void aVerbFromTheWrongStateSaysFromWhichItIsPossible() {
        Instance instance = engine.created("web-1");

        InvalidState refused = assertThrows(
                InvalidState.class, () -> engine.compute().instances().start(instance.id()));

        assertEquals("start", refused.verb());
        assertEquals("ACTIVE", refused.state());
        assertEquals(List.of("STOPPED"), refused.allowed());
    }

    @Test
    void theLoserOfTwoVerbsIsToldOfTheRunningOperation() throws InterruptedException {
        Instance instance = engine.createdOn(1, "contended");
        SimHold hold = engine.host(1).holdNext(SimCall.PAUSE);
        Operation<Instance> pause = engine.compute().instances().pause(instance.id());
        assertTrue(hold.awaitCall(SimEngine.PATIENCE));

        Conflict refused =
                assertThrows(Conflict.class, () -> engine.compute().instances().stop(instance.id()));

        assertTrue(refused.getMessage().contains(pause.id().toString()), refused.getMessage());
        hold.release();
        assertEquals(VmState.PAUSED, await(pause).state());
    }

    @Test
    void aGuestThatCrashesIsSeen() {
        Instance instance = engine.created("crashes");

        engine.fleet().guest(instance.id()).crash();
        SimEngine.await("seen as crashed", () -> engine.get(instance).power() == PowerState.CRASHED);

        assertEquals(VmState.STOPPED, engine.get(instance).state());
        assertEquals(
                Optional.of(GuestSync.GUEST_CRASHED),
                engine.get(instance).fault().map(InstanceFault::code));
        assertEquals(
                VmState.ACTIVE,
                await(engine.compute().instances().start(instance.id())).state());
        assertTrue(engine.get(instance).fault().isEmpty());
    }

    @Test
    void aGuestThatPowersItselfOffIsSeen() {
        Instance instance = engine.created("leaves");

        engine.fleet().guest(instance.id()).powerOffByItself();

        SimEngine.await("seen as stopped", () -> engine.get(instance).state() == VmState.STOPPED);
        assertEquals(PowerState.SHUTDOWN, engine.get(instance).power());
    }

    @Test
    void aGuestThatCrashesDuringAVerbIsSeenAfterwards() throws InterruptedException {
        Instance instance = engine.createdOn(1, "crashes");
        SimHold hold = engine.host(1).holdNext(SimCall.PAUSE);
        engine.compute().instances().pause(instance.id());
        assertTrue(hold.awaitCall(SimEngine.PATIENCE));

        engine.fleet().guest(instance.id()).crash();
        hold.release();

        SimEngine.await("seen as crashed", () -> engine.get(instance).power() == PowerState.CRASHED);
        assertEquals(VmState.STOPPED, engine.get(instance).state());
        assertTrue(engine.get(instance).task().isEmpty());
    }

    @Test
    void aHostThatFailsToMakeTheGuestIsReplacedByAnother() {
        engine.host(1).failNext(SimCall.START, 1, () -> hypervisorError());
        engine.host(2).failNext(SimCall.START, 1, () -> hypervisorError());

        Instance instance = engine.created("persistent");

        assertEquals(VmState.ACTIVE, instance.state());
        assertEquals(1, engine.claimedInstances(1) + engine.claimedInstances(2) + engine.claimedInstances(3));
        assertEquals(1, engine.fleet().copies(instance.id()).size());
    }

    @Test
    void aCreateThatFailsEverywhereLeavesAnInstanceInErrorAndNothingElse() {
        for (int n = 1; n <= 3; n++) {
            engine.host(n).failNext(SimCall.START, 9, () -> hypervisorError());
        }

        Operation<Instance> create = engine.create("doomed");
        SimEngine.failure(HypervisorError.class, create);

        Instance instance = engine.compute().instances().list().get(0);
        assertEquals(OperationStatus.FAILED, create.status());
        assertEquals(VmState.ERROR, instance.state());
        assertTrue(instance.host().isEmpty());
        assertTrue(instance.fault().isPresent());
        assertEquals(0, engine.rows("claim"));
        assertEquals(0, engine.fleet().disks());
        await(engine.compute().instances().delete(instance.id()));
        assertNothingLeft();
    }

    @Test
    void aCreateWhoseCleanUpFailsKeepsItsClaimUntilItIsDeleted() {
        engine.host(1).failNext(SimCall.START, 1, () -> hypervisorError());
        engine.host(1).failNext(SimCall.DELETE, 1, () -> hypervisorError());

        Operation<Instance> create = engine.compute()
                .instances()
                .create(engine.spec("stuck").host(HostId.of("h1")).build());
        SimEngine.failure(HypervisorError.class, create);

        Instance instance = engine.compute().instances().list().get(0);
        assertEquals(VmState.ERROR, instance.state());
        assertEquals(Optional.of(HostId.of("h1")), instance.host());
        assertEquals(1, engine.claimedInstances(1));
        await(engine.compute().instances().delete(instance.id()));
        assertNothingLeft();
    }

    @Test
    void aCreateCanBeCancelledAndLeavesNoGuest() throws InterruptedException {
        SimHold hold = engine.host(1).holdNext(SimCall.CREATE);
        Operation<Instance> create = engine.compute()
                .instances()
                .create(engine.spec("unwanted").host(HostId.of("h1")).build());
        assertTrue(hold.awaitCall(SimEngine.PATIENCE));

        create.cancel();
        hold.release();

        SimEngine.failure(OperationCancelled.class, create);
        assertEquals(OperationStatus.CANCELLED, create.status());
        assertEquals(0, engine.rows("claim"));
        assertEquals(0, engine.fleet().disks());
    }

    @Test
    void aDeleteCannotBeCancelled() throws InterruptedException {
        Instance instance = engine.createdOn(1, "busy");
        SimHold hold = engine.host(1).holdNext(SimCall.DELETE);
        Operation<Instance> delete = engine.compute().instances().delete(instance.id());
        assertTrue(hold.awaitCall(SimEngine.PATIENCE));

        assertThrows(NotCancellable.class, delete::cancel);

        hold.release();
        assertEquals(VmState.DELETED, await(delete).state());
        delete.cancel();
    }

    @Test
    void listenersAreToldInOrderAndOneThatThrowsDisturbsNobody() {
        List<VmState> seen = new CopyOnWriteArrayList<>();
        engine.compute().subscribe(event -> {
            throw new IllegalStateException("a listener of the test");
        });
        engine.compute().subscribe(event -> {
            if (event instanceof InstanceChanged changed) {
                seen.add(changed.instance().state());
            }
        });

        Instance instance = engine.created("watched");
        await(engine.compute().instances().delete(instance.id()));

        SimEngine.await("told of the end", () -> seen.contains(VmState.DELETED));
        assertEquals(VmState.BUILDING, seen.get(0));
        assertTrue(seen.indexOf(VmState.ACTIVE) > 0 && seen.indexOf(VmState.ACTIVE) < seen.indexOf(VmState.DELETED));
    }

    @Test
    void tooLargeARequestIsRefusedWithTheReasonPerHost() {
        engine.compute().flavors().create(Flavor.builder("huge").vcpus(9).build());

        NoValidHost refused = SimEngine.failure(
                NoValidHost.class,
                engine.compute()
                        .instances()
                        .create(engine.spec("huge").flavor("huge").build()));

        assertEquals(3, refused.report().rejected().size());
        assertEquals(
                "VcpuFilter",
                refused.report().rejected().get(0).rejection().orElseThrow().filter());
        assertTrue(refused.getMessage().contains("h1"), refused.getMessage());
    }

    @Test
    void explainChangesNothing() {
        PlacementReport report =
                engine.compute().instances().explain(engine.spec("maybe").build());

        assertTrue(report.chosen().isPresent());
        assertEquals(List.of(), engine.compute().instances().list());
        assertEquals(0, engine.rows("claim"));
    }

    private void assertNothingLeft() {
        assertEquals(List.of(), engine.compute().instances().list());
        assertEquals(0, engine.rows("instance"));
        assertEquals(0, engine.rows("claim"));
        assertEquals(0, engine.rows("placement"));
        assertEquals(0, engine.fleet().disks());
        assertEquals(0, engine.fleet().pages());
        for (int n = 1; n <= 3; n++) {
            assertEquals(0, engine.claimedInstances(n));
        }
    }

    private static HypervisorError hypervisorError() {
        return new HypervisorError("sim", 1, 0, "the test made it fail", null);
    }

    private static Instance await(Operation<Instance> operation) {
        return operation.await(SimEngine.PATIENCE);
    }
}
