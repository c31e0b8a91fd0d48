package io.gantry.driver.kvm.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.ComputeException;
import io.gantry.error.HypervisorError;
import io.gantry.error.OutcomeUnknown;
import io.gantry.error.Unsupported;
import io.gantry.host.HostState;
import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.instance.AdminPassword;
import io.gantry.instance.GuestAgentUnavailable;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceSpec;
import io.gantry.instance.VmState;
import io.gantry.lab.Heartbeat;
import io.gantry.lab.LabGuest;
import io.gantry.migration.LiveMigrationSpec;
import io.gantry.operation.Operation;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Passwords that the QEMU guest agent sets in a guest, and agents that do not. */
final class PasswordIT extends VerbTestBase {
    private static final String WORD = "corre\u00e7t horse 'battery' \"$staple\"";
    private static final AdminPassword PASSWORD = AdminPassword.of(WORD);
    private static final AdminPassword OTHER = AdminPassword.of("another one");

    private Instance boot(String name, ImageId image) {
        return engine.boot(
                InstanceSpec.builder(name).flavor(LabEngine.FLAVOR).image(image).build());
    }

    private LabGuest answering(Instance instance) {
        LabGuest guest = guest(instance);
        guest.awaitAgent(engine.lab(), LabEngine.PATIENCE);
        return guest;
    }

    private <X extends ComputeException> X failure(Class<X> type, Operation<?> operation) {
        return assertThrows(type, () -> operation.await(LabEngine.PATIENCE));
    }

    private void assertAsItWas(Instance instance) {
        assertEquals(VmState.ACTIVE, engine.get(instance).state());
        assertEquals(Optional.empty(), engine.get(instance).task());
        assertEquals(
                HostState.UP,
                engine.compute()
                        .hosts()
                        .get(engine.get(instance).host().orElseThrow())
                        .state());
    }

    @Test
    void theAgentSetsThePasswordInTheGuest() {
        Instance instance = boot("agent", engine.agentImage(true));
        LabGuest guest = answering(instance);
        assertFalse(guest.acceptsPassword("root", WORD));

        Instance after = await(instances().changePassword(instance.id(), PASSWORD));

        assertTrue(guest.acceptsPassword("root", WORD));
        assertEquals(VmState.ACTIVE, after.state());
        assertFalse(instances().consoleLog(instance.id(), 1 << 20).contains(WORD));

        await(instances().changePassword(instance.id(), OTHER));
        assertFalse(guest.acceptsPassword("root", WORD));
        assertTrue(guest.acceptsPassword("root", OTHER.reveal()));
        engine.assertConsistent();
    }

    @Test
    void anImageThatDoesNotSpeakOfAnAgentHasNone() {
        Instance instance = engine.boot("plain", "");

        assertThrows(Unsupported.class, () -> instances().changePassword(instance.id(), PASSWORD));

        assertAsItWas(instance);
    }

    @Test
    void anAgentThatIsNotThereChangesNothing() {
        Instance instance = boot("absent", engine.agentImage(false));

        GuestAgentUnavailable absent =
                failure(GuestAgentUnavailable.class, instances().changePassword(instance.id(), PASSWORD));

        assertTrue(absent.retryable());
        assertTrue(absent.getMessage().contains("not connected"), absent.getMessage());
        assertAsItWas(instance);
        beat(instance);
    }

    @Test
    void anAgentThatIsFrozenHoldsNobodyUp() {
        Instance instance = boot("frozen", engine.agentImage(true));
        LabGuest guest = answering(instance);
        guest.command("sh killall -STOP qemu-ga");

        ComputeException frozen =
                failure(GuestAgentUnavailable.class, instances().changePassword(instance.id(), PASSWORD));
        assertFalse(frozen.toString().contains(WORD));
        assertAsItWas(instance);

        guest.command("sh killall -CONT qemu-ga");
        answering(instance);
        assertFalse(guest.acceptsPassword("root", WORD), "it was not even asked");
        await(instances().changePassword(instance.id(), PASSWORD));
        assertTrue(guest.acceptsPassword("root", WORD));
    }

    @Test
    void anAgentThatFallsSilentWhenItWasAskedLeavesTheOutcomeUnknown() {
        Instance instance = boot("hanging", engine.agentImage(true));
        LabGuest guest = answering(instance);
        guest.command("sh printf '#!/bin/sh\\ncat >/dev/null\\nsleep 1000\\n' >/bin/chpasswd");

        OutcomeUnknown unknown = failure(OutcomeUnknown.class, instances().changePassword(instance.id(), PASSWORD));

        assertFalse(unknown.toString().contains(WORD));
        assertAsItWas(instance);
        beat(instance);
    }

    @Test
    void whatTheAgentRefusesIsAFailureThatTellsNoPassword() {
        Instance instance = boot("refused", engine.agentImage(true));
        LabGuest guest = answering(instance);
        guest.command("sh mv /etc/shadow /etc/shadow.away");

        HypervisorError refused = failure(HypervisorError.class, instances().changePassword(instance.id(), PASSWORD));

        assertTrue(refused.getMessage().contains("failed to set user password"), refused.getMessage());
        assertFalse(refused.toString().contains(WORD));
        assertAsItWas(instance);
        guest.command("sh mv /etc/shadow.away /etc/shadow");
        assertFalse(guest.acceptsPassword("root", WORD));
    }

    @Test
    void theChannelComesWithARebuildAndStaysInRescueAndMigration() {
        Instance instance = engine.boot("changing", "");
        Heartbeat before = beat(instance);

        await(instances().rebuild(instance.id(), engine.agentImage(true)));
        Heartbeat rebuilt = rebooted(instance, before);
        answering(instance);
        await(instances().changePassword(instance.id(), PASSWORD));
        assertTrue(guest(instance).acceptsPassword("root", WORD));

        await(instances().rescue(instance.id(), engine.image("")));
        Heartbeat rescued = rebooted(instance, rebuilt);
        await(instances().unrescue(instance.id()));
        rebooted(instance, rescued);
        answering(instance);
        await(instances().changePassword(instance.id(), OTHER));

        engine.compute()
                .migrations()
                .live(instance.id(), LiveMigrationSpec.anywhere())
                .await(LabEngine.PATIENCE);
        LabGuest moved = answering(instance);
        assertTrue(moved.acceptsPassword("root", OTHER.reveal()));
        await(instances().changePassword(instance.id(), PASSWORD));
        assertTrue(moved.acceptsPassword("root", WORD));

        Heartbeat last = beat(instance);
        await(instances().rebuild(instance.id(), engine.image("")));
        rebooted(instance, last);
        assertThrows(Unsupported.class, () -> instances().changePassword(instance.id(), PASSWORD));
    }

    @Test
    void anImageOfAnInstanceKeepsItsAgent() {
        Instance instance = boot("copied", engine.agentImage(true));
        Image image = instances().createImage(instance.id(), "copy").await(LabEngine.PATIENCE);

        assertTrue(image.hasGuestAgent());
        assertEquals(DiskFormat.QCOW2, image.format());
    }
}
