package io.gantry.driver.kvm.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.instance.BackupSpec;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceSpec;
import io.gantry.instance.VmState;
import io.gantry.lab.Heartbeat;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Images of instances, and instances that are made anew from images. */
final class ImagesIT extends VerbTestBase {
    @Test
    void anImageHasTheDiskOfOneMomentWhileTheGuestGoesOn() {
        Instance instance = engine.bootOn(1, "original", "lab.ws=8 lab.rate=4");
        DiskContent first = DiskContent.write(guest(instance));
        Heartbeat before = beat(instance);

        Image image = await(instances().createImage(instance.id(), "snapshot"));
        DiskContent second = DiskContent.write(guest(instance));
        Heartbeat after = beat(instance);

        assertEquals("snapshot", image.name());
        assertEquals(VmState.ACTIVE, engine.get(instance).state());
        assertEquals(before.bootId(), after.bootId(), "the guest was not disturbed");
        assertTrue(after.diskCount() > before.diskCount());
        assertEquals(0, after.errs() + after.diskErrs());
        engine.assertConsistent();

        Instance copy = engine.boot(InstanceSpec.builder("copy")
                .flavor(LabEngine.FLAVOR)
                .image(image.id())
                .host(engine.hostId(3))
                .build());
        Heartbeat ofCopy = beat(copy);

        assertEquals(first, DiskContent.read(guest(copy)));
        assertTrue(ofCopy.diskCount() >= before.diskCount(), "its counter begins where the image's ended");
        assertEquals(0, ofCopy.diskErrs(), "the copy is of one moment");
        assertEquals(second, DiskContent.read(guest(instance)), "the original has its own disk");
    }

    @Test
    void rebuildMakesTheDiskAnewAndKeepsTheInstance() {
        Instance instance = engine.boot(InstanceSpec.builder("rebuilt")
                .flavor(LabEngine.FLAVOR)
                .image(engine.image("lab.name=first"))
                .metadata("role", "web")
                .build());
        DiskContent.write(guest(instance));
        Heartbeat before = beat(instance);
        ImageId other = engine.image("lab.name=second");

        Instance rebuilt = await(instances().rebuild(instance.id(), other));
        Heartbeat after = rebooted(instance, before);

        assertEquals(VmState.ACTIVE, rebuilt.state());
        assertEquals(other, rebuilt.image());
        assertEquals(instance.id(), rebuilt.id());
        assertEquals(instance.host(), rebuilt.host());
        assertEquals(instance.metadata(), rebuilt.metadata());
        assertEquals("second", after.name());
        assertEquals(DiskContent.BLANK, DiskContent.read(guest(instance)));
        assertEquals(0, after.diskErrs());
    }

    @Test
    void backupsAreRotatedAndOneOfThemBringsItsDiskBack() {
        Instance instance = engine.boot("kept", "");
        List<DiskContent> contents = new ArrayList<>();
        List<ImageId> images = new ArrayList<>();
        for (int day = 1; day <= 3; day++) {
            contents.add(DiskContent.write(guest(instance)));
            images.add(await(instances().backup(instance.id(), new BackupSpec("day-" + day, "daily", 2)))
                    .id());
        }
        Heartbeat before = beat(instance);

        assertEquals(
                List.of("day-2", "day-3"),
                engine.compute().images().list().stream()
                        .filter(image -> images.contains(image.id()))
                        .map(Image::name)
                        .toList());

        await(instances().rebuild(instance.id(), images.get(1)));
        Heartbeat after = rebooted(instance, before);

        assertEquals(contents.get(1), DiskContent.read(guest(instance)));
        assertEquals(0, after.diskErrs());
    }
}
