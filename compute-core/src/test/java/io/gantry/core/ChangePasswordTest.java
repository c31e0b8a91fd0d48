package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.Compute;
import io.gantry.core.state.Json;
import io.gantry.driver.sim.SimCall;
import io.gantry.driver.sim.SimGuest;
import io.gantry.driver.sim.SimHold;
import io.gantry.error.ComputeException;
import io.gantry.error.HypervisorError;
import io.gantry.error.InvalidRequest;
import io.gantry.error.InvalidState;
import io.gantry.error.OutcomeUnknown;
import io.gantry.error.Unsupported;
import io.gantry.identity.Caller;
import io.gantry.identity.ProjectId;
import io.gantry.identity.Role;
import io.gantry.identity.UserId;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.instance.AdminPassword;
import io.gantry.instance.GuestAgentUnavailable;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.TaskState;
import io.gantry.instance.UnshelveSpec;
import io.gantry.instance.VmState;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationCancelled;
import io.gantry.operation.RequestOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The password of a guest's administrator, changed by an agent in the guest. */
final class ChangePasswordTest extends VerbTestBase {
    private static final String WORD = "corréct horse";
    private static final AdminPassword PASSWORD = AdminPassword.of(WORD);

    private SimGuest guest(InstanceId id) {
        return engine.fleet().guest(id);
    }

    private InstanceId of(ImageId image) {
        return await(instances().create(engine.spec("special").image(image).build()))
                .id();
    }

    @Test
    void thePasswordIsSetAndKeptNowhere() {
        InstanceId id = running("web").id();
        List<String> events = new CopyOnWriteArrayList<>();
        engine.compute().subscribe(event -> events.add(event.toString()));

        Operation<Instance> change = instances().changePassword(id, PASSWORD);
        Instance after = await(change);

        assertTrue(guest(id).acceptsPassword("root", WORD));
        assertEquals(VmState.ACTIVE, after.state());
        assertEquals(Optional.empty(), after.task());
        assertEquals(Optional.empty(), after.fault());
        assertEquals("change-password", instances().actions(id).get(0).verb());
        assertEquals(List.of(), engine.rowsWith(WORD));
        List<String> told = new ArrayList<>(events);
        told.add(change.toString());
        told.add(change.progress().toString());
        told.add(instances().actions(id).toString());
        told.add(after.toString());
        assertFalse(told.toString().contains(WORD));
    }

    @Test
    void theUserIsThatOfTheImage() {
        InstanceId id = of(engine.image(Map.of(Image.HW_QEMU_GUEST_AGENT, "True", Image.OS_ADMIN_USER, "debian")));

        await(instances().changePassword(id, PASSWORD));

        assertTrue(guest(id).acceptsPassword("debian", WORD));
        assertFalse(guest(id).acceptsPassword("root", WORD));
    }

    @Test
    void anImageWithoutAgentIsRefusedAtOnce() {
        for (Map<String, String> properties :
                List.of(Map.<String, String>of(), Map.of(Image.HW_QEMU_GUEST_AGENT, "no"))) {
            InstanceId id = of(engine.image(properties));

            refused(
                    Unsupported.class,
                    () -> instances().changePassword(id, PASSWORD),
                    "SET_USER_PASSWORD",
                    Image.HW_QEMU_GUEST_AGENT + "=yes");
            assertEquals(Optional.empty(), get(id).task());
            assertEquals(1, instances().actions(id).size(), "nothing was begun");
        }
    }

    @Test
    void whatThePropertiesOfAnImageMeanIsCheckedWhenItIsImported() {
        for (Map<String, String> bad : List.of(
                Map.of(Image.HW_QEMU_GUEST_AGENT, "perhaps"),
                Map.of(Image.OS_ADMIN_USER, ""),
                Map.of(Image.OS_ADMIN_USER, "a:b"),
                Map.of(Image.OS_ADMIN_USER, "a\nb"))) {
            InvalidRequest refused = assertThrows(InvalidRequest.class, () -> engine.image(bad));
            assertEquals("image.properties." + bad.keySet().iterator().next(), refused.field());
        }
    }

    @Test
    void aRebuildGivesAnAgentAndTakesIt() {
        InstanceId id = of(engine.image(Map.of()));
        await(instances().rebuild(id, engine.image()));
        await(instances().changePassword(id, PASSWORD));
        assertTrue(guest(id).acceptsPassword("root", WORD));

        await(instances().rebuild(id, engine.image(Map.of())));
        refused(Unsupported.class, () -> instances().changePassword(id, PASSWORD));
    }

    @Test
    void aSnapshotAndAResizeAndARescueKeepTheAgent() {
        InstanceId id = running("web").id();
        Image snapshot = instances().createImage(id, "copy").await(SimEngine.PATIENCE);
        assertTrue(snapshot.hasGuestAgent());

        await(instances().rescue(id, engine.image()));
        await(instances().unrescue(id));
        await(instances().resize(id, LARGE));
        await(instances().confirmResize(id));
        await(instances().shelve(id));
        await(instances().unshelve(id, UnshelveSpec.anywhere()));
        await(instances().changePassword(id, PASSWORD));
        assertTrue(guest(id).acceptsPassword("root", WORD));
    }

    @Test
    void onlyAnActiveInstanceIsAsked() {
        InstanceId paused = await(instances().pause(running("paused").id())).id();
        refused(InvalidState.class, () -> instances().changePassword(paused, PASSWORD), "change-password", "PAUSED");
        refused(
                InvalidState.class,
                () -> instances().changePassword(stopped("off").id(), PASSWORD),
                "STOPPED");
    }

    @Test
    void aSilentAgentChangesNothingAndCanBeAskedAgain() {
        InstanceId id = running("web").id();
        guest(id).agentSilent(true);

        GuestAgentUnavailable silent =
                SimEngine.failure(GuestAgentUnavailable.class, instances().changePassword(id, PASSWORD));

        assertTrue(silent.retryable());
        assertFalse(guest(id).acceptsPassword("root", WORD));
        assertEquals(VmState.ACTIVE, get(id).state());
        assertEquals(Optional.empty(), get(id).task());
        assertEquals("GUEST_AGENT_UNAVAILABLE", get(id).fault().orElseThrow().code());

        guest(id).agentSilent(false);
        await(instances().changePassword(id, PASSWORD));
        assertTrue(guest(id).acceptsPassword("root", WORD));
    }

    @Test
    void aTenantLearnsWhatToDo() {
        Compute tenant = engine.compute().as(new Caller(ProjectId.of("acme"), UserId.of("ann"), Role.MEMBER));
        InstanceId id =
                await(tenant.instances().create(engine.spec("web").build())).id();
        guest(id).agentSilent(true);

        GuestAgentUnavailable silent = SimEngine.failure(
                GuestAgentUnavailable.class, tenant.instances().changePassword(id, PASSWORD));

        assertTrue(silent.remediation().contains("qemu-guest-agent"), silent.remediation());
    }

    @Test
    void aFailureOfTheHostLeavesTheStateAndShowsNoPassword() {
        InstanceId id = running("web").id();
        engine.host(1).failNext(SimCall.SET_USER_PASSWORD, 1, () -> new HypervisorError("h1", 1, 1, "no", null));
        Operation<Instance> failing = instances().changePassword(id, PASSWORD);
        assertFalse(SimEngine.failure(HypervisorError.class, failing).toString().contains(WORD));
        assertEquals(VmState.ACTIVE, get(id).state());

        engine.host(1).loseAnswers(SimCall.SET_USER_PASSWORD, 1);
        SimEngine.failure(OutcomeUnknown.class, instances().changePassword(id, PASSWORD));
        assertTrue(guest(id).acceptsPassword("root", WORD), "it was sent, and the answer lost");
        assertEquals(VmState.ACTIVE, get(id).state());
        assertEquals(List.of(), engine.rowsWith(WORD));
    }

    @Test
    void aTokenStandsForTheFirstPassword() {
        InstanceId id = running("web").id();
        RequestOptions token = RequestOptions.idempotencyToken("change-1");

        Operation<Instance> first = instances().changePassword(id, PASSWORD, token);
        await(first);
        Operation<Instance> second = instances().changePassword(id, AdminPassword.of("second-secret"), token);

        assertEquals(first.id(), second.id());
        assertTrue(guest(id).acceptsPassword("root", WORD));
        assertEquals(List.of(), engine.rowsWith("second-secret"));
    }

    @Test
    void aCancellationBeforeItIsSentChangesNothing() throws InterruptedException {
        InstanceId id = running("web").id();
        await(instances().pause(id));
        SimHold unpausing = engine.host(1).holdNext(SimCall.UNPAUSE);
        Operation<Instance> unpause = instances().unpause(id);
        assertTrue(unpausing.awaitCall(SimEngine.PATIENCE));
        assertEquals(Optional.of(TaskState.UNPAUSING), get(id).task());

        refused(ComputeException.class, () -> instances().changePassword(id, PASSWORD), "UNPAUSING");
        unpausing.release();
        await(unpause);

        SimHold sending = engine.host(1).holdNext(SimCall.SET_USER_PASSWORD);
        Operation<Instance> change = instances().changePassword(id, PASSWORD);
        assertTrue(sending.awaitCall(SimEngine.PATIENCE));
        assertEquals(Optional.of(TaskState.UPDATING_PASSWORD), get(id).task());
        change.cancel();
        sending.release();
        try {
            await(change);
            assertTrue(guest(id).acceptsPassword("root", WORD));
        } catch (OperationCancelled e) {
            assertFalse(guest(id).acceptsPassword("root", WORD));
        }
        assertEquals(VmState.ACTIVE, get(id).state());
    }

    @Test
    void aPasswordIsNotWrittenByWhoeverWritesObjects() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> new Json().write(PASSWORD));
        assertFalse(refused.toString().contains(WORD));
    }
}
