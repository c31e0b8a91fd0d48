package io.gantry.driver.kvm;

import static io.gantry.driver.kvm.Layouts.cell;
import static io.gantry.driver.kvm.Layouts.pins;
import static io.gantry.driver.kvm.Layouts.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.driver.libvirt.GuestMark;
import io.gantry.driver.libvirt.storage.DiskFile;
import io.gantry.driver.libvirt.storage.StorageLayout;
import io.gantry.error.InvalidRequest;
import io.gantry.flavor.Flavor;
import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.instance.InstanceId;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.topology.GuestLayout;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whole domains with layouts; {@code KvmLayoutIT} has libvirt look at the same files. */
class LayoutXmlTest {
    private static final InstanceId ID = InstanceId.of("11111111-2222-3333-4444-555555555555");
    private static final OperationId OPERATION = OperationId.of("99999999-8888-7777-6666-555555555555");
    private static final KvmProfile PROFILE =
            new KvmProfile("h", "qemu", "/usr/bin/qemu-system-x86_64", "x86_64", "pc-i440fx-7.2", 7_002_022, "m");

    private static String write(int vcpus, int mib, GuestLayout layout) {
        Image image = new Image(
                ImageId.of("aaaaaaaa-0000-0000-0000-000000000001"),
                "image",
                DiskFormat.QCOW2,
                10,
                new DiskSize(10),
                "",
                MemorySize.ZERO,
                DiskSize.ZERO,
                Map.of(),
                Instant.EPOCH);
        GuestSpec spec = GuestSpec.builder(
                        ID,
                        "web-1",
                        Flavor.builder("f")
                                .vcpus(vcpus)
                                .memory(MemorySize.mib(mib))
                                .build(),
                        image)
                .layout(layout)
                .build();
        return new KvmDomainXml(PROFILE, new StorageLayout("/srv/g"))
                .write(spec, new GuestMark(spec.name(), OPERATION, 3), DiskFile.first(ID), Optional.empty());
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = LayoutXmlTest.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replaceAll(">\\s+<", "><")
                    .strip();
        }
    }

    @Test
    void aGuestOfOneCellHasACpuForEachVcpu() throws IOException {
        assertEquals(golden("layout-pinned.xml"), write(2, 96, Layouts.pinned(96, 1, 3)));
    }

    @Test
    void cellsMixDedicatedAndSharedVcpusAndTheEmulatorIsElsewhere() throws IOException {
        GuestLayout layout = new GuestLayout(
                List.of(cell(set(0, 1), 64, 2, 0), cell(set(2, 3), 32, 1, 0)),
                pins(set(2), set(0, 1), set(6), set(4, 5, 7)),
                set(3),
                Set.of(2, 0),
                List.of());
        assertEquals(golden("layout-mixed.xml"), write(4, 96, layout));
    }

    @Test
    void cellsAreInHugePagesOfTheirOwnSizes() throws IOException {
        GuestLayout layout = new GuestLayout(
                List.of(cell(set(0), 512, 0, 2048), cell(set(1), 1024, 1, 1048576), cell(set(2), 512, 2, 2048)),
                pins(set(0, 1, 2, 3), set(4, 5, 6, 7), set(0, 1, 2, 3)),
                set(0, 1, 2, 3, 4, 5, 6, 7),
                Set.of(),
                List.of());
        assertEquals(golden("layout-huge-pages.xml"), write(3, 2048, layout));
    }

    @Test
    void devicesAreInTheOrderInWhichTheyWereAskedFor() throws IOException {
        assertEquals(
                golden("layout-devices.xml"),
                write(2, 96, Layouts.withDevices(GuestLayout.ANYWHERE, "0000:82:10.2", "0000:0a:00.0")));
    }

    @Test
    void aGuestWithoutTopologyIsKeptToSomeCpus() throws IOException {
        assertEquals(golden("layout-floating.xml"), write(2, 96, Layouts.floating(0, 1, 4, 5)));
    }

    @Test
    void aCellMayHaveNoVcpusAndSomeOfItsMemoryOrdinaryPages() {
        GuestLayout layout = new GuestLayout(
                List.of(cell(set(0), 32, 0, 0), cell(set(), 64, 1, 2048)), pins(set(0)), set(), Set.of(), List.of());
        assertEquals(
                "<domain><vcpu></vcpu><memoryBacking><hugepages>"
                        + "<page size=\"2048\" unit=\"KiB\" nodeset=\"1\"></page></hugepages></memoryBacking>"
                        + "<cputune><vcpupin vcpu=\"0\" cpuset=\"0\"></vcpupin></cputune>"
                        + "<numatune><memory mode=\"strict\" nodeset=\"0-1\"></memory>"
                        + "<memnode cellid=\"0\" mode=\"strict\" nodeset=\"0\"></memnode>"
                        + "<memnode cellid=\"1\" mode=\"strict\" nodeset=\"1\"></memnode></numatune>"
                        + "<cpu><numa><cell id=\"0\" cpus=\"0\" memory=\"32768\" unit=\"KiB\"></cell>"
                        + "<cell id=\"1\" memory=\"65536\" unit=\"KiB\"></cell></numa></cpu><devices></devices></domain>",
                new LayoutXml(layout).domain());
    }

    @Test
    void aGuestThatMayBeAnywhereHasNothingOfIt() {
        assertEquals(
                "<domain><vcpu></vcpu><cpu></cpu><devices></devices></domain>",
                new LayoutXml(GuestLayout.ANYWHERE).domain());
        assertEquals(
                new LayoutXml(GuestLayout.ANYWHERE).domain(),
                new LayoutXml(new GuestLayout(List.of(), new TreeMap<>(), set(), Set.of(), List.of())).domain());
    }

    @Test
    void whatIsNoAddressOfADeviceIsRefused() {
        GuestLayout layout = Layouts.withDevices(GuestLayout.ANYWHERE, "0000:82:00.0'/><evil/>");
        InvalidRequest refused = assertThrows(InvalidRequest.class, () -> write(2, 96, layout));
        assertEquals("layout.devices", refused.field());
    }
}
