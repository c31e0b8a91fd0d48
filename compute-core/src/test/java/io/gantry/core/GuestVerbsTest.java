package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.Compute;
import io.gantry.driver.sim.SimCall;
import io.gantry.driver.sim.SimHold;
import io.gantry.error.Forbidden;
import io.gantry.error.HostUnreachable;
import io.gantry.error.InvalidState;
import io.gantry.error.NotFound;
import io.gantry.error.OutcomeUnknown;
import io.gantry.host.HostId;
import io.gantry.identity.Caller;
import io.gantry.identity.ProjectId;
import io.gantry.identity.Role;
import io.gantry.identity.UserId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceDiagnostics;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.instance.VmState;
import io.gantry.operation.Operation;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The verbs that turn to what runs in an instance, and what is known of it. */
final class GuestVerbsTest extends VerbTestBase {
    private long interrupts(InstanceId id) {
        return engine.fleet().guest(id).nmis();
    }

    private static Caller member(String project) {
        return new Caller(ProjectId.of(project), UserId.of("ann"), Role.MEMBER);
    }

    @Test
    void aCrashDumpIsTriggeredAndTheInstanceStaysAsItIs() {
        Instance before = running("web");

        Instance after = await(instances().triggerCrashDump(before.id()));

        assertEquals(VmState.ACTIVE, after.state());
        assertEquals(Optional.empty(), after.task());
        assertEquals(PowerState.RUNNING, after.power());
        assertEquals(Optional.empty(), after.fault());
        assertTrue(instances().consoleLog(before.id(), 1000).contains("NMI received for unknown reason; NMI 1"));
        assertEquals(
                "trigger-crash-dump", instances().actions(before.id()).get(0).verb());
    }

    @Test
    void aPausedARescuedAResizedAndAFaultyInstanceCanBeDumped() {
        InstanceId paused = await(instances().pause(running("paused").id())).id();
        InstanceId rescued = await(instances().rescue(running("rescued").id(), engine.image()))
                .id();
        InstanceId resized =
                await(instances().resize(running("resized").id(), LARGE)).id();
        InstanceId faulty =
                instances().resetState(running("faulty").id(), VmState.ERROR).id();

        for (InstanceId id : List.of(paused, rescued, faulty)) {
            Instance before = get(id);
            Instance after = await(instances().triggerCrashDump(id));

            assertEquals(before.state(), after.state());
            assertEquals(before.fault(), after.fault());
        }
        assertEquals(
                VmState.RESIZED, await(instances().triggerCrashDump(resized)).state());
        assertEquals(0, interrupts(paused), "its vCPUs are stopped");
        await(instances().unpause(paused));
        for (InstanceId id : List.of(paused, rescued, faulty)) {
            assertEquals(1, interrupts(id));
        }
    }

    @Test
    void aGuestThatIsOffCannotBeDumped() {
        InstanceId stopped = stopped("stopped").id();
        refused(InvalidState.class, () -> instances().triggerCrashDump(stopped), "trigger-crash-dump", "STOPPED");

        instances().resetState(stopped, VmState.ERROR);
        Operation<Instance> dump = instances().triggerCrashDump(stopped);

        InvalidState refusal = SimEngine.failure(InvalidState.class, dump);
        assertTrue(refusal.getMessage().contains("SHUTDOWN"), refusal.getMessage());
        assertEquals(VmState.ERROR, get(stopped).state());
        assertEquals(Optional.empty(), get(stopped).task());
    }

    @Test
    void aLostAnswerIsNotRepeated() {
        InstanceId id = running("web").id();
        engine.host(1).loseAnswers(SimCall.INJECT_NMI, 1);

        SimEngine.failure(OutcomeUnknown.class, instances().triggerCrashDump(id));

        assertEquals(1, interrupts(id));
        assertEquals(VmState.ACTIVE, get(id).state());
    }

    @Test
    void diagnosticsTellWhatTheHypervisorKnows() {
        InstanceId id = running("web").id();

        InstanceDiagnostics seen = instances().diagnostics(id);

        assertEquals(PowerState.RUNNING, seen.state());
        assertEquals("sim", seen.driver());
        assertEquals(1, seen.numCpus());
        assertEquals(get(id).flavor().memory(), seen.memory().maximum());
        assertEquals("vda", seen.disks().get(0).device());
        assertEquals(1, instances().actions(id).size(), "reading is no action");

        await(instances().pause(id));
        assertEquals(PowerState.PAUSED, instances().diagnostics(id).state());
    }

    @Test
    void diagnosticsOfAGuestThatIsOffOrNowhereAreRefused() {
        InstanceId stopped = stopped("stopped").id();
        refused(InvalidState.class, () -> instances().diagnostics(stopped), "SHUTDOWN");

        await(instances().shelve(stopped));
        refused(InvalidState.class, () -> instances().diagnostics(stopped), "without a host");
        refused(NotFound.class, () -> instances().diagnostics(InstanceId.random()));
    }

    @Test
    void diagnosticsAreForAdmins() {
        Compute member = engine.compute().as(member("acme"));
        InstanceId own =
                await(member.instances().create(engine.spec("web").build())).id();

        refused(Forbidden.class, () -> member.instances().diagnostics(own), "instance-diagnostics");
        refused(
                NotFound.class,
                () -> engine.compute().as(member("other")).instances().diagnostics(own));
        assertEquals(
                VmState.ACTIVE, await(member.instances().triggerCrashDump(own)).state());
    }

    @Test
    void diagnosticsOfAHostThatDoesNotAnswerEndByThemselves() {
        InstanceId id = running("web").id();
        engine.host(1).failNext(SimCall.DIAGNOSTICS, 1, () -> new HostUnreachable("h1", "it is silent", null));

        refused(HostUnreachable.class, () -> instances().diagnostics(id));

        assertEquals(VmState.ACTIVE, get(id).state());
        assertEquals(HostId.of("h1"), get(id).host().orElseThrow());
    }

    @Test
    void aCancellationDoesNotCallAnInterruptBack() throws InterruptedException {
        InstanceId id = running("web").id();
        SimHold sending = engine.host(1).holdNext(SimCall.INJECT_NMI);
        Operation<Instance> dump = instances().triggerCrashDump(id);

        assertTrue(sending.awaitCall(SimEngine.PATIENCE));
        dump.cancel();
        sending.release();

        assertEquals(VmState.ACTIVE, await(dump).state());
        assertEquals(1, interrupts(id));
        assertEquals(Optional.empty(), get(id).task());
    }
}
