package io.gantry.driver.kvm;

import static io.gantry.driver.kvm.Layouts.cell;
import static io.gantry.driver.kvm.Layouts.pins;
import static io.gantry.driver.kvm.Layouts.set;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.driver.libvirt.xml.XmlNode;
import io.gantry.error.Unsupported;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.DriverCapability;
import io.gantry.topology.GuestLayout;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DomainLayoutTest {
    /** As libvirt writes them, with what others have added. */
    private static final String PLAIN = "<domain type='kvm'><memory unit='KiB'>98304</memory>"
            + "<memoryBacking><source type='memfd'/></memoryBacking>"
            + "<vcpu placement='static'>2</vcpu><cputune><shares>2048</shares></cputune>"
            + "<cpu mode='host-model' check='partial'/>"
            + "<devices><hostdev mode='subsystem' type='usb'><source><vendor id='0x1234'/></source></hostdev>"
            + "<hostdev mode='subsystem' type='pci' managed='yes'>"
            + "<source><address domain='0x0000' bus='0x07' slot='0x00' function='0x1'/></source></hostdev></devices></domain>";

    private static final GuestLayout REALTIME = new GuestLayout(
            List.of(cell(set(0, 1), 96, 1, 2048)),
            pins(set(2), set(3)),
            set(2, 3),
            Set.of(1),
            List.of("0000:82:10.2", "0000:0a:00.0"));

    private final XmlNode domain = XmlNode.parse(PLAIN);

    private void replace(GuestLayout layout) {
        new DomainLayout(domain).replace(XmlNode.parse(new LayoutXml(layout).domain()));
    }

    private boolean has(String path) {
        return domain.find(path).isPresent();
    }

    private List<String> aliases() {
        return domain.descendants("hostdev").stream()
                .map(device -> device.find("alias")
                        .flatMap(alias -> alias.attribute("name"))
                        .orElse("-"))
                .toList();
    }

    @Test
    void aLayoutComesAndGoesAndWhatOthersHaveAddedStays() {
        replace(REALTIME);
        assertEquals(Optional.of("2-3"), domain.find("vcpu").orElseThrow().attribute("cpuset"));
        assertEquals("2", domain.find("vcpu").orElseThrow().text());
        assertTrue(has("memoryBacking/hugepages/page") && has("memoryBacking/locked") && has("memoryBacking/source"));
        assertEquals(2, domain.find("cputune").orElseThrow().children("vcpupin").size());
        assertTrue(has("cputune/emulatorpin") && has("cputune/vcpusched") && has("cputune/shares"));
        assertTrue(has("numatune/memnode") && has("cpu/numa/cell"));
        assertEquals(List.of("-", "-", "ua-gantry-pci-0", "ua-gantry-pci-1"), aliases());
        assertEquals(
                List.of("usb", "0000:07:00.1", "0000:82:10.2", "0000:0a:00.0"), new DomainLayout(domain).deviceNames());
        assertEquals(List.of("vCPUs 0-1 with 98304 KiB"), new DomainLayout(domain).cells());

        replace(GuestLayout.ANYWHERE);
        assertEquals(XmlNode.parse(PLAIN).toXml(), domain.toXml());
    }

    @Test
    void theSameLayoutAgainChangesNothing() {
        replace(REALTIME);
        String once = domain.toXml();
        replace(REALTIME);
        assertEquals(once, domain.toXml());
    }

    @Test
    void anotherLayoutReplacesTheOneBefore() {
        replace(REALTIME);
        replace(Layouts.pinned(96, 0, 1));
        assertEquals(Optional.of("0-1"), domain.find("vcpu").orElseThrow().attribute("cpuset"));
        assertEquals(
                List.of("0", "1"),
                domain.descendants("vcpupin").stream()
                        .map(pin -> pin.attribute("cpuset").orElseThrow())
                        .toList());
        assertEquals(1, domain.descendants("emulatorpin").size());
        assertEquals(1, domain.descendants("numa").size());
        assertFalse(has("memoryBacking/hugepages") || has("memoryBacking/locked") || has("cputune/vcpusched"));
        assertEquals(List.of("-", "-"), aliases());
    }

    @Test
    void aDeviceThatStaysKeepsItsPlaceInTheGuest() {
        replace(REALTIME);
        domain.descendants("hostdev").get(3).append(XmlNode.parse("<address type='pci' slot='0x09'/>"));
        replace(Layouts.withDevices(GuestLayout.ANYWHERE, "0000:0b:00.0", "0000:0a:00.0", "0000:0c:00.0"));
        assertEquals(
                List.of("usb", "0000:07:00.1", "0000:0a:00.0", "0000:0b:00.0", "0000:0c:00.0"),
                new DomainLayout(domain).deviceNames());
        assertEquals(List.of("-", "-", "ua-gantry-pci-1", "ua-gantry-pci-0", "ua-gantry-pci-2"), aliases());
        XmlNode kept = domain.descendants("hostdev").get(2);
        assertEquals(Optional.of("0x09"), kept.find("address").orElseThrow().attribute("slot"));
    }

    @Test
    void onATargetAGuestHasTheTargetsLayout() {
        String here =
                "<domain><vcpu placement=\"static\" cpuset=\"1\">1</vcpu><cputune><vcpupin vcpu=\"0\" cpuset=\"1\"/>"
                        + "</cputune><cpu><numa><cell id=\"0\" cpus=\"0\" memory=\"98304\" unit=\"KiB\"/></numa></cpu>"
                        + "<devices><emulator>/q</emulator></devices></domain>";
        String layout = new LayoutXml(Layouts.pinned(96, 0)).domain();
        String there = KvmMigrationSource.onTarget(here, ticket("/other", Optional.of(layout)));
        assertNotNull(there);
        XmlNode moved = XmlNode.parse(there);
        assertEquals("/other", moved.find("devices/emulator").orElseThrow().text());
        assertEquals(Optional.of("0"), moved.find("vcpu").orElseThrow().attribute("cpuset"));
        assertEquals(
                Optional.of("0"), moved.find("cputune/vcpupin").orElseThrow().attribute("cpuset"));

        assertNull(KvmMigrationSource.onTarget(here, ticket("/q", Optional.empty())), "an older target says nothing");
        assertNull(KvmMigrationSource.onTarget(
                PLAIN, ticket("", Optional.of(new LayoutXml(GuestLayout.ANYWHERE).domain()))));
    }

    @Test
    void aGuestWithDevicesOfItsHostStaysWhereItIs() {
        InstanceId id = InstanceId.random();
        DomainLayout plain = DomainLayout.parse("<domain><devices/></domain>");
        assertDoesNotThrow(() -> plain.requireNoDevices(id, DriverCapability.LIVE_MIGRATION, "Stop it"));
        Unsupported refused = assertThrows(
                Unsupported.class,
                () -> new DomainLayout(domain).requireNoDevices(id, DriverCapability.LIVE_MIGRATION, "Stop it"));
        assertEquals("LIVE_MIGRATION", refused.capability());
        assertTrue(String.valueOf(refused.getMessage()).contains("[usb, 0000:07:00.1]"), refused::toString);
        assertEquals("Stop it", refused.remediation());
    }

    private static TicketFacts ticket(String emulator, Optional<String> layout) {
        return new TicketFacts("qemu:///system", Optional.empty(), emulator, layout, true);
    }
}
