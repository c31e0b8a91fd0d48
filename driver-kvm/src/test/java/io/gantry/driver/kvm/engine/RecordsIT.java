package io.gantry.driver.kvm.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.Compute;
import io.gantry.core.ComputeEngine;
import io.gantry.flavor.Flavor;
import io.gantry.identity.Caller;
import io.gantry.identity.ProjectId;
import io.gantry.identity.Role;
import io.gantry.identity.UserId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceLock;
import io.gantry.instance.InstanceLocked;
import io.gantry.instance.InstanceSpec;
import io.gantry.instance.InstanceUpdate;
import io.gantry.instance.RebootKind;
import io.gantry.instance.StopOptions;
import io.gantry.instance.VmState;
import io.gantry.lab.Heartbeat;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import io.gantry.placement.NoValidHost;
import io.gantry.quota.QuotaExceeded;
import io.gantry.quota.QuotaResource;
import io.gantry.unit.MemorySize;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is recorded of instances, which no guest notices; and several instances of one request. */
final class RecordsIT extends VerbTestBase {
    private static final ProjectId PROJECT = ComputeEngine.EMBEDDER.project();

    @Test
    void recordsChangeUnderAGuestThatDoesNotNoticeAndAForcedRebootRepairs() {
        Instance instance = engine.boot(InstanceSpec.builder("named")
                .flavor(LabEngine.FLAVOR)
                .image(engine.image(""))
                .userData(new byte[] {1, 2, 3})
                .build());
        DiskContent content = DiskContent.write(guest(instance));
        Heartbeat before = beat(instance);

        instances()
                .update(
                        instance.id(),
                        InstanceUpdate.builder()
                                .name("renamed")
                                .description("a description")
                                .hostname("renamed-host")
                                .build());
        instances().setMetadata(instance.id(), Map.of("role", "web"));
        instances().setTags(instance.id(), Set.of("blue"));
        instances().lock(instance.id(), "audit");
        Compute other = engine.compute().as(new Caller(PROJECT, UserId.of("other"), Role.MEMBER));
        InstanceLocked locked =
                assertThrows(InstanceLocked.class, () -> other.instances().stop(instance.id(), StopOptions.hard()));
        assertTrue(locked.getMessage().contains("audit"), locked.getMessage());

        Instance changed = engine.get(instance);
        assertEquals("renamed", changed.name());
        assertEquals(Optional.of("a description"), changed.description());
        assertEquals("renamed-host", changed.hostname());
        assertEquals(Map.of("role", "web"), changed.metadata());
        assertEquals(Set.of("blue"), changed.tags());
        assertEquals(Optional.of("audit"), changed.lock().flatMap(InstanceLock::reason));
        assertEquals(Optional.empty(), instances().unlock(instance.id()).lock());
        assertEquals(
                VmState.ERROR,
                instances().resetState(instance.id(), VmState.ERROR).state());
        assertEquals(before.bootId(), beat(instance).bootId(), "the guest goes on");

        Instance repaired = await(instances().reboot(instance.id(), RebootKind.HARD));
        Heartbeat after = rebooted(instance, before);

        assertEquals(VmState.ACTIVE, repaired.state());
        assertNotEquals(before.bootId(), after.bootId());
        assertEquals(content, DiskContent.read(guest(instance)));
        engine.assertConsistent();
    }

    @Test
    void asManyOfARequestAreMadeAsTheQuotaAdmitsEachWithADiskOfItsOwn() {
        engine.compute().quotas().set(PROJECT, Map.of(QuotaResource.INSTANCES, 2L), false);
        InstanceSpec spec = InstanceSpec.builder("many")
                .flavor(LabEngine.FLAVOR)
                .image(engine.image(""))
                .build();

        assertThrows(QuotaExceeded.class, () -> instances().create(spec, 3, 4, RequestOptions.none()));
        assertEquals(List.of(), instances().list());
        List<Instance> made = instances().create(spec, 1, 3, RequestOptions.none()).stream()
                .map((Operation<Instance> operation) -> await(operation))
                .toList();

        assertEquals(
                List.of("many-1", "many-2"), made.stream().map(Instance::name).toList());
        made.forEach(this::beat);
        DiskContent content = DiskContent.write(guest(made.get(0)));
        assertEquals(content, DiskContent.read(guest(made.get(0))));
        assertEquals(DiskContent.BLANK, DiskContent.read(guest(made.get(1))));
        engine.assertConsistent();
        engine.compute().quotas().clear(PROJECT);
    }

    @Test
    void aRequestOfWhichNotAllFindAHostMakesNone() {
        MemorySize most = engine.compute().hosts().list().stream()
                .map(host -> host.inventory().memory())
                .max(MemorySize::compareTo)
                .orElseThrow();
        engine.compute()
                .flavors()
                .create(Flavor.builder("whole-host").memory(most).build());
        InstanceSpec spec = InstanceSpec.builder("too-many")
                .flavor("whole-host")
                .image(engine.image(""))
                .build();

        assertThrows(NoValidHost.class, () -> instances().create(spec, 4, 4, RequestOptions.none()));

        assertEquals(List.of(), instances().list());
        engine.assertConsistent();
    }
}
