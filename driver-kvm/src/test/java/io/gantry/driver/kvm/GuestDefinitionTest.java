package io.gantry.driver.kvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.driver.libvirt.xml.XmlNode;
import io.gantry.flavor.Flavor;
import io.gantry.topology.GuestLayout;
import io.gantry.unit.MemorySize;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GuestDefinitionTest {
    private static final String NORMAL = "<domain type=\"kvm\"><name>n</name><title>t</title><metadata>"
            + "<gantry:guest xmlns:gantry=\"https://gantry.io/xmlns/libvirt/1\"><gantry:name>n</gantry:name></gantry:guest>"
            + "<o:other xmlns:o=\"urn:o\">kept</o:other></metadata>"
            + "<memory unit=\"KiB\">98304</memory><currentMemory unit=\"KiB\">65536</currentMemory>"
            + "<vcpu placement=\"static\" current=\"1\">2</vcpu>"
            + "<os><type arch=\"x86_64\" machine=\"pc-i440fx-7.2\">hvm</type><boot dev=\"hd\"/><bootmenu enable=\"no\"/></os>"
            + "<devices><disk type=\"file\" device=\"cdrom\"><source file=\"/iso\"/><target dev=\"hda\" bus=\"ide\"/></disk>"
            + "<disk type=\"file\" device=\"disk\"><driver type=\"qcow2\"/><source file=\"/s/root\"/>"
            + "<target dev=\"vda\" bus=\"virtio\"/><address type=\"pci\" slot=\"0x04\"/></disk>"
            + "<disk type=\"file\" device=\"disk\"><source file=\"/s/data\"/><target dev=\"vdb\" bus=\"virtio\"/></disk>"
            + "<interface type=\"network\"><mac address=\"52:54:00:00:00:01\"/></interface></devices></domain>";
    private static final String RESCUE_DISK = "<disk type=\"file\" device=\"disk\"><source file=\"/s/rescue\"/>"
            + "<target dev=\"vda\" bus=\"virtio\"/></disk>";
    private static final String RESCUE_OS =
            "<os><type machine=\"q35\">hvm</type><kernel>/k</kernel><initrd>/i</initrd><cmdline>a &lt;b&gt;</cmdline></os>";

    @Test
    void theRescueFormKnowsTheWayBack() {
        GuestDefinition guest = GuestDefinition.parse(NORMAL);
        assertFalse(guest.isRescue());
        guest.toRescue(RESCUE_DISK, RESCUE_OS);

        // Somebody else finds it.
        GuestDefinition found = GuestDefinition.parse(guest.toXml());
        assertTrue(found.isRescue());
        assertEquals("/s/root", found.rootPath());
        assertEquals("vdc", found.rootDevice(), "the first name that is free");
        XmlNode domain = XmlNode.parse(found.toXml());
        assertEquals("/k", domain.find("os/kernel").orElseThrow().text());
        assertTrue(domain.find("os/boot").isEmpty());
        assertTrue(domain.find("os/bootmenu").isPresent(), "what it does not know stays");
        assertEquals(
                "pc-i440fx-7.2",
                domain.find("os/type").orElseThrow().attribute("machine").orElseThrow());
        XmlNode rescue = domain.find("devices").orElseThrow().children("disk").get(1);
        assertEquals(
                "/s/rescue",
                rescue.find("source").orElseThrow().attribute("file").orElseThrow());
        assertEquals(
                "0x04",
                rescue.find("address").orElseThrow().attribute("slot").orElseThrow(),
                "it is the first one by its address, too");

        found.toNormal();
        assertFalse(found.isRescue());
        XmlNode before = XmlNode.parse(NORMAL);
        XmlNode after = XmlNode.parse(found.toXml());
        for (String part : List.of("metadata", "devices", "memory")) {
            assertEquals(
                    before.find(part).orElseThrow().toXml(),
                    after.find(part).orElseThrow().toXml());
        }
        assertEquals("hd", after.find("os/boot").orElseThrow().attribute("dev").orElseThrow());
        assertTrue(after.find("os/kernel").isEmpty());
        found.toNormal();
        assertEquals(after.toXml(), found.toXml());
    }

    @Test
    void aFlavorChangesMemoryAndProcessorsAlone() {
        GuestDefinition guest = GuestDefinition.parse(NORMAL);
        guest.setFlavor(Flavor.builder("f").vcpus(4).memory(MemorySize.mib(256)).build());
        String expected =
                NORMAL.replace("98304", "262144").replace("65536", "262144").replace(" current=\"1\">2<", ">4<");
        assertEquals(XmlNode.parse(expected).toXml(), guest.toXml());
    }

    @Test
    void aLayoutOutlivesARescue() {
        GuestDefinition guest =
                GuestDefinition.parse(NORMAL.replace("<devices>", "<cpu mode=\"host-model\"/><devices>"));
        guest.setLayout(Layouts.withDevices(Layouts.pinned(96, 0, 1), "0000:0a:00.0"));
        String normal = guest.toXml();
        guest.toRescue(RESCUE_DISK, RESCUE_OS);
        XmlNode rescue = XmlNode.parse(guest.toXml());
        assertEquals(2, rescue.descendants("vcpupin").size());
        assertEquals(1, rescue.descendants("hostdev").size());
        guest.toNormal();
        for (String part : List.of("vcpu", "cputune", "numatune", "cpu")) {
            assertEquals(
                    XmlNode.parse(normal).find(part).orElseThrow().toXml(),
                    XmlNode.parse(guest.toXml()).find(part).orElseThrow().toXml());
        }
        guest.setLayout(GuestLayout.ANYWHERE);
        XmlNode bare = XmlNode.parse(guest.toXml());
        assertEquals(List.of(), bare.descendants("hostdev"));
        assertTrue(bare.find("cputune").isEmpty() && bare.find("numatune").isEmpty());
    }

    @Test
    void aConfigDriveReplacesTheOneBefore() {
        String scsi = "<devices><controller type=\"scsi\" model=\"virtio-scsi\"/><disk type=\"file\" device=\"cdrom\">"
                + "<source file=\"/s/new\"/><target dev=\"sda\" bus=\"scsi\"/></disk></devices>";
        GuestDefinition guest = GuestDefinition.parse(NORMAL);
        guest.setConfigDrive("/iso"::equals, Optional.of(scsi));
        XmlNode devices = XmlNode.parse(guest.toXml()).find("devices").orElseThrow();
        assertEquals(3, devices.children("disk").size());
        assertFalse(guest.toXml().contains("/iso"));
        assertEquals(1, devices.children("controller").size());
        assertEquals("/s/root", guest.rootPath());

        guest.setConfigDrive("/s/new"::equals, Optional.of(scsi.replace("/s/new", "/s/newer")));
        assertEquals(
                1, XmlNode.parse(guest.toXml()).descendants("controller").size(), "the controller is there already");
        assertTrue(guest.toXml().contains("/s/newer"));

        guest.setConfigDrive("/s/newer"::equals, Optional.empty());
        assertFalse(guest.toXml().contains("cdrom"));
    }

    @Test
    void theRootDiskIsTheFirstDiskThatIsAFile() {
        GuestDefinition guest = GuestDefinition.parse(NORMAL);
        assertEquals("/s/root", guest.rootPath());
        guest.setRoot("/s/other");
        assertEquals(XmlNode.parse(NORMAL.replace("/s/root", "/s/other")).toXml(), guest.toXml());
    }

    @Test
    void theChannelToAnAgentComesOnceAndGoes() {
        GuestDefinition guest = GuestDefinition.parse(NORMAL);
        guest.setAgent(false);
        assertEquals(GuestDefinition.parse(NORMAL).toXml(), guest.toXml());

        guest.setAgent(true);
        guest.setAgent(true);
        List<XmlNode> channels = XmlNode.parse(guest.toXml()).descendants("channel");
        assertEquals(1, channels.size());
        assertEquals(
                "org.qemu.guest_agent.0",
                channels.get(0).find("target").orElseThrow().attribute("name").orElseThrow());
        guest.toRescue(RESCUE_DISK, RESCUE_OS);
        assertEquals(1, XmlNode.parse(guest.toXml()).descendants("channel").size(), "a rescue leaves it");
        guest.toNormal();

        guest.setAgent(false);
        assertEquals(List.of(), XmlNode.parse(guest.toXml()).descendants("channel"));
    }
}
