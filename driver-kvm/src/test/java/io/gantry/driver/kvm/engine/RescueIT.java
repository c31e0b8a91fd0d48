package io.gantry.driver.kvm.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.image.ImageId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceSpec;
import io.gantry.instance.PowerState;
import io.gantry.instance.StopOptions;
import io.gantry.instance.VmState;
import io.gantry.lab.Heartbeat;
import io.gantry.lab.LabGuest;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Instances that boot from another disk, to have their own one repaired. */
final class RescueIT extends VerbTestBase {
    @Test
    void whatIsRepairedInRescueIsThereAfterwards() {
        Instance instance = engine.boot("broken", "lab.name=normal");
        DiskContent content = DiskContent.write(guest(instance));
        List<Path> files = engine.filesOf(instance.id());
        Heartbeat before = beat(instance);

        Instance rescued = await(instances().rescue(instance.id(), engine.image("lab.name=rescue")));
        Heartbeat inRescue = rebooted(instance, before);
        LabGuest guest = guest(instance);

        assertEquals(VmState.RESCUED, rescued.state());
        assertEquals(PowerState.RUNNING, rescued.power());
        assertEquals("rescue", inRescue.name());
        assertEquals(Set.of("vda", "vdb"), inRescue.disks().keySet());
        assertEquals(DiskContent.BLANK, DiskContent.read(guest, "vda"), "the rescue disk is new");
        assertEquals(content, DiskContent.read(guest, "vdb"), "its own disk is the second one");
        DiskContent repaired = DiskContent.write(guest, "vdb");
        engine.assertConsistent();

        Instance after = await(instances().unrescue(instance.id()));
        Heartbeat normal = rebooted(instance, inRescue);

        assertEquals(VmState.ACTIVE, after.state());
        assertEquals("normal", normal.name());
        assertEquals(Set.of("vda"), normal.disks().keySet());
        assertEquals(repaired, DiskContent.read(guest(instance)));
        assertEquals(files, engine.filesOf(instance.id()), "nothing is left of the rescue disk");
    }

    @Test
    void anInstanceThatWasOffIsOffAgain() {
        ImageId image = engine.image("");
        Instance instance = await(instances()
                .create(InstanceSpec.builder("off")
                        .flavor(LabEngine.FLAVOR)
                        .image(image)
                        .build()));
        await(instances().stop(instance.id(), StopOptions.hard()));

        assertEquals(
                PowerState.RUNNING,
                await(instances().rescue(instance.id(), image)).power());
        Instance after = await(instances().unrescue(instance.id()));

        assertEquals(VmState.STOPPED, after.state());
        assertEquals(PowerState.SHUTDOWN, after.power());
        assertEquals(List.of(), engine.runningOn(instance.id()));
    }
}
