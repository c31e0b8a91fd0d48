package io.gantry.driver.kvm.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.core.ComputeEngineBuilder;
import io.gantry.error.HypervisorError;
import io.gantry.error.InvalidRequest;
import io.gantry.error.InvalidState;
import io.gantry.host.HostId;
import io.gantry.host.HostState;
import io.gantry.instance.Instance;
import io.gantry.instance.VmState;
import io.gantry.lab.Heartbeat;
import io.gantry.lab.LabHost;
import io.gantry.migration.EvacuationSpec;
import io.gantry.migration.Migrations;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import io.gantry.spi.fence.FencingProof;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Instances of hosts that are gone. */
final class EvacuateIT extends VerbTestBase {
    private final AtomicBoolean fencerWorks = new AtomicBoolean();

    @Override
    ComputeEngineBuilder settings(ComputeEngineBuilder builder) {
        return builder.fencer(this::pullThePlug);
    }

    private FencingProof pullThePlug(HostId host) {
        if (!fencerWorks.get()) {
            throw new HypervisorError(host.value(), 1, 1, "the power controller does not answer", null);
        }
        engine.lab().powerOff(engine.labHost(host));
        return new FencingProof(host, "power-off", "its processes were killed", Instant.now());
    }

    @Test
    void aGuestThatStillRunsOnAHostThatIsSilentIsNotStartedElsewhereBeforeTheHostIsFenced() {
        Instance instance = engine.bootOn(1, "orphan", "");
        UUID uuid = instance.id().value();
        DiskContent content = DiskContent.write(guest(instance));
        Heartbeat before = beat(instance);
        assertThrows(InvalidState.class, () -> evacuate(instance, EvacuationSpec.fenced()));

        long process = engine.lab().qemuPid(engine.lab().host(1), uuid);
        engine.lab().killLibvirtd(engine.lab().host(1));
        engine.awaitHost(1, HostState.DOWN);

        assertThrows(InvalidRequest.class, () -> evacuate(instance, proven(2)));
        fencerWorks.set(false);
        Operation<Instance> unfenced = evacuate(instance, EvacuationSpec.fenced());
        assertThrows(HypervisorError.class, () -> await(unfenced));
        assertTrue(isAlive(process), "the guest was not touched");
        assertEquals(Optional.of(engine.hostId(1)), engine.get(instance).host());
        assertEquals(0, engine.compute().hosts().get(engine.hostId(2)).usage().instances());

        fencerWorks.set(true);
        Instance evacuated = await(evacuate(instance, EvacuationSpec.fenced().to(engine.hostId(2))));

        assertFalse(isAlive(process), "the host was fenced");
        assertEquals(VmState.STOPPED, evacuated.state());
        assertEquals(Optional.of(engine.hostId(2)), evacuated.host());
        await(instances().start(instance.id()));
        Heartbeat after = rebooted(instance, before);
        assertEquals(content, DiskContent.read(guest(instance)), "it has its disk, which the storage kept");
        assertTrue(after.diskCount() > before.diskCount());
        assertEquals(0, after.diskErrs());

        engine.lab().powerOn(engine.lab().host(1));
        awaitReaped(instance, "h2");
        assertEquals(content, DiskContent.read(guest(instance)), "what the host had was removed without the disk");
        assertEquals(after.bootId(), beat(instance).bootId(), "the guest goes on");
    }

    @Test
    void whatWasOnlyOnTheDeadHostIsMadeAnewFromTheImageAndReapedThere() {
        Instance instance = engine.bootOn(3, "anew", "");
        DiskContent.write(guest(instance));
        Heartbeat before = beat(instance);
        LabHost dead = engine.lab().host(3);
        engine.lab().killQemu(dead, instance.id().value());
        engine.lab().killLibvirtd(dead);
        engine.awaitHost(3, HostState.DOWN);

        Instance evacuated = await(evacuate(instance, proven(3)));
        await(instances().start(instance.id()));
        Heartbeat after = rebooted(instance, before);

        assertTrue(
                List.of(engine.hostId(1), engine.hostId(2))
                        .contains(evacuated.host().orElseThrow()),
                evacuated::toString);
        assertEquals(DiskContent.BLANK, DiskContent.read(guest(instance)));
        assertEquals(0, after.diskErrs());
        assertFalse(engine.filesOn(3, instance.id()).isEmpty(), "nobody has been at the dead host");

        engine.lab().startLibvirtd(dead);
        awaitReaped(instance, evacuated.host().orElseThrow().value());
        assertEquals(List.of(), engine.filesOn(3, instance.id()));
        assertEquals(after.bootId(), beat(instance).bootId(), "the guest goes on");
    }

    private Operation<Instance> evacuate(Instance instance, EvacuationSpec spec) {
        Migrations migrations = engine.compute().migrations();
        return migrations.evacuate(instance.id(), spec, RequestOptions.none());
    }

    private EvacuationSpec proven(int n) {
        return EvacuationSpec.proven(
                new FencingProof(engine.hostId(n), "operator", "the plug is pulled", Instant.now()));
    }

    private void awaitReaped(Instance instance, String where) {
        LabEngine.await(
                "the old guest is gone",
                LabEngine.PATIENCE,
                () -> engine.definedOn(instance.id()).equals(List.of(where)));
        LabEngine.await(
                "all is as recorded",
                LabEngine.PATIENCE,
                () -> engine.compute().audit().isEmpty());
    }
}
