package io.gantry.driver.kvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.InvalidState;
import io.gantry.error.NotFound;
import io.gantry.instance.InstanceId;
import io.gantry.lab.Heartbeat;
import io.gantry.lab.Lab;
import io.gantry.lab.LabGuest;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.unit.DiskSize;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Guests that get another size. */
class KvmResizeIT extends KvmTestBase {
    private static final String NIC =
            "<interface type='user'><mac address='52:54:00:11:22:33'/><model type='virtio'/></interface>";

    KvmResizeIT(Lab lab) {
        super(lab);
    }

    @Test
    void aGuestSeesItsNewSizeAndGoesOnWithItsDisk() throws Exception {
        InstanceId id = bed.boot(1, "");
        GuestSpec larger = bed.spec(id, "ignored", 2, 160, DiskSize.mib(96));
        assertThrows(InvalidState.class, () -> bed.host(1).resizeGuest(TestBed.context(100), larger));
        bed.host(1).powerOffGuest(TestBed.context(100), id);
        Heartbeat before = bed.console(1, id).lastHeartbeat().orElseThrow();
        // What others have added to the definition stays.
        Path nic = Files.writeString(lab.newDirectory("nic").resolve("nic.xml"), NIC);
        lab.exec(lab.host(1), "virsh", "attach-device", id.toString(), nic.toString(), "--config");

        CallContext context = TestBed.context(100);
        bed.host(1).resizeGuest(context, larger);
        String resized = definition(id);
        bed.host(1).resizeGuest(context, larger);
        assertEquals(resized, definition(id));
        assertTrue(resized.contains("52:54:00:11:22:33"), resized);

        bed.host(1).startGuest(TestBed.context(100), id);
        try (LabGuest guest = bed.console(1, id)) {
            Heartbeat after = guest.awaitReboot(before.bootId(), TestBed.BOOT);
            assertTrue(after.diskCount() > before.diskCount());
            assertEquals(0, after.diskErrs());
            assertEquals("sh rc=0 out=2\\n", guest.command("sh grep -c ^processor /proc/cpuinfo"));
            assertEquals("sh rc=0 out=" + (96 << 11) + "\\n", guest.command("sh cat /sys/block/vda/size"));
            long kib = Long.parseLong(
                    guest.command("sh cat /proc/meminfo").replaceAll("(?s).*MemTotal: *(\\d+) kB.*", "$1"));
            assertTrue(kib > 112 << 10, () -> kib + " KiB");
        }

        // A disk is never made smaller.
        bed.host(1).powerOffGuest(TestBed.context(100), id);
        bed.host(1).resizeGuest(TestBed.context(100), bed.spec(id, ""));
        assertTrue(definition(id).contains("<memory unit='KiB'>" + (96 << 10) + "</memory>"));
        bed.host(1).startGuest(TestBed.context(100), id);
        try (LabGuest guest = bed.console(1, id)) {
            guest.awaitHeartbeat(TestBed.BOOT);
            assertEquals("sh rc=0 out=" + (96 << 11) + "\\n", guest.command("sh cat /sys/block/vda/size"));
        }
        assertThrows(
                NotFound.class, () -> bed.host(1).resizeGuest(TestBed.context(100), bed.spec(InstanceId.random(), "")));
    }

    private String definition(InstanceId id) {
        return lab.exec(lab.host(1), "virsh", "dumpxml", "--inactive", id.toString());
    }
}
