package io.gantry.driver.kvm.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.core.ComputeEngineBuilder;
import io.gantry.host.AggregateSpec;
import io.gantry.host.Aggregates;
import io.gantry.host.HostId;
import io.gantry.image.Image;
import io.gantry.instance.Instance;
import io.gantry.instance.PowerState;
import io.gantry.instance.UnshelveSpec;
import io.gantry.instance.VmState;
import io.gantry.lab.Heartbeat;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import io.gantry.placement.NoValidHost;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Instances that are kept as images, by an engine that lets them keep their hosts for an hour. */
final class ShelveIT extends VerbTestBase {
    private static final Duration KEPT = Duration.ofHours(1);

    @Override
    ComputeEngineBuilder settings(ComputeEngineBuilder builder) {
        return builder.offloadAfter(KEPT);
    }

    @Test
    void aShelvedInstanceComesBackOnItsHostWithItsDisk() {
        Instance instance = engine.boot("near", "");
        DiskContent content = DiskContent.write(guest(instance));
        List<Image> images = images();
        Heartbeat before = beat(instance);

        Instance shelved = await(instances().shelve(instance.id()));

        assertEquals(VmState.SHELVED, shelved.state());
        assertEquals(PowerState.SHUTDOWN, shelved.power());
        assertEquals(instance.host(), shelved.host());
        assertEquals(images.size() + 1, images().size(), "it is kept as an image");
        engine.assertConsistent();

        Instance back = await(instances().unshelve(instance.id(), UnshelveSpec.anywhere()));
        Heartbeat after = rebooted(instance, before);

        assertEquals(VmState.ACTIVE, back.state());
        assertEquals(instance.host(), back.host());
        assertTrue(after.diskCount() > before.diskCount());
        assertEquals(content, DiskContent.read(guest(instance)));
        assertEquals(images, images(), "the image has served");
    }

    @Test
    void anOffloadedInstanceHoldsNothingAndComesBackElsewhereWithItsDisk() {
        Instance instance = engine.bootOn(1, "far", "");
        DiskContent content = DiskContent.write(guest(instance));
        List<Image> images = images();
        Heartbeat before = beat(instance);
        await(instances().shelve(instance.id()));

        assertHoldsNothing(await(instances().shelveOffload(instance.id())));

        HostId other = engine.hostId(3);
        Instance back = await(instances().unshelve(instance.id(), UnshelveSpec.on(other)));
        Heartbeat after = rebooted(instance, before);

        assertEquals(VmState.ACTIVE, back.state());
        assertEquals(Optional.of(other), back.host());
        assertEquals(List.of("h3"), engine.definedOn(instance.id()));
        assertEquals(content, DiskContent.read(guest(instance)));
        assertTrue(after.diskCount() >= before.diskCount());
        assertEquals(0, after.diskErrs());
        assertEquals(images, images(), "the image has served");
    }

    @Test
    void anOffloadedInstanceComesBackInTheZoneThatItAsksForAndStaysThereUntilItIsUnpinned() {
        Aggregates aggregates = engine.compute().aggregates();
        HostId third = engine.hostId(3);
        aggregates.create(AggregateSpec.builder("west").zone("west").build());
        aggregates.addHost("west", third);
        Instance instance = engine.bootOn(1, "settler", "");
        DiskContent content = DiskContent.write(guest(instance));
        Heartbeat before = beat(instance);
        offload(instance);

        Instance back = await(instances().unshelve(instance.id(), UnshelveSpec.zone("west")));
        Heartbeat after = rebooted(instance, before);

        assertEquals(Optional.of(third), back.host());
        assertEquals(Optional.of("west"), back.zone());
        assertEquals(content, DiskContent.read(guest(instance)));
        Operation<Instance> away =
                engine.compute().migrations().cold(instance.id(), Optional.of(engine.hostId(1)), RequestOptions.none());
        assertThrows(NoValidHost.class, () -> await(away), "it stays in its zone");
        assertEquals(Optional.of(third), engine.get(instance).host());

        offload(instance);
        back = await(instances().unshelve(instance.id(), UnshelveSpec.unpinned()));
        rebooted(instance, after);
        assertEquals(Optional.empty(), back.requestedZone());
        assertEquals(content, DiskContent.read(guest(instance)));
        await(instances().forceDelete(instance.id(), RequestOptions.none()));
        aggregates.removeHost("west", third);
        aggregates.delete("west");
    }

    private void offload(Instance instance) {
        await(instances().shelve(instance.id()));
        await(instances().shelveOffload(instance.id()));
    }

    @Test
    void theEngineTakesAShelvedInstanceOffItsHostWhenItsTimeIsUp() {
        Instance instance = engine.boot("due", "");
        List<Image> images = images();
        assertEquals(VmState.SHELVED, await(instances().shelve(instance.id())).state());

        clock.advance(KEPT);

        LabEngine.await(
                "offloaded", LabEngine.PATIENCE, () -> engine.get(instance).state() == VmState.SHELVED_OFFLOADED);
        assertHoldsNothing(engine.get(instance));
        await(instances().delete(instance.id()));
        assertEquals(images, images(), "nothing is left of a shelved instance that is deleted");
    }

    private void assertHoldsNothing(Instance offloaded) {
        assertEquals(VmState.SHELVED_OFFLOADED, offloaded.state());
        assertEquals(PowerState.NOSTATE, offloaded.power());
        assertEquals(Optional.empty(), offloaded.host());
        assertEquals(List.of(), engine.definedOn(offloaded.id()));
        assertEquals(List.of(), engine.filesOf(offloaded.id()));
        assertEquals(
                0,
                engine.compute().hosts().list().stream()
                        .mapToInt(host -> host.usage().instances())
                        .sum());
        engine.assertConsistent();
    }

    private List<Image> images() {
        return engine.compute().images().list();
    }
}
