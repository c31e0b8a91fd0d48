package io.gantry.driver.kvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.driver.libvirt.GuestMark;
import io.gantry.driver.libvirt.storage.DiskFile;
import io.gantry.driver.libvirt.storage.StorageLayout;
import io.gantry.driver.libvirt.xml.XmlNode;
import io.gantry.flavor.Flavor;
import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.instance.InstanceId;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.GuestSpec;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KvmDomainXmlTest {
    private static final InstanceId ID = InstanceId.of("11111111-2222-3333-4444-555555555555");
    private static final OperationId OPERATION = OperationId.of("99999999-8888-7777-6666-555555555555");
    private static final StorageLayout LAYOUT = new StorageLayout("/srv/g");

    private static KvmProfile profile(String type) {
        return profile(type, "pc-i440fx-7.2");
    }

    private static KvmProfile profile(String type, String machine) {
        return new KvmProfile("h", type, "/usr/bin/qemu-system-x86_64", "x86_64", machine, 7_002_022, "m");
    }

    private static Image image(String id, DiskFormat format) {
        return image(id, format, Map.of());
    }

    private static Image image(String id, DiskFormat format, Map<String, String> properties) {
        return new Image(
                ImageId.of(id),
                "image",
                format,
                10,
                new DiskSize(10),
                "",
                MemorySize.ZERO,
                DiskSize.ZERO,
                properties,
                Instant.EPOCH);
    }

    private static GuestSpec.Builder spec(String name) {
        return spec(name, Map.of());
    }

    private static GuestSpec.Builder spec(String name, Map<String, String> imageProperties) {
        return GuestSpec.builder(
                ID,
                name,
                Flavor.builder("f").vcpus(2).memory(MemorySize.mib(96)).build(),
                image("aaaaaaaa-0000-0000-0000-000000000001", DiskFormat.QCOW2, imageProperties));
    }

    private static String write(String type, GuestSpec spec) {
        return write(profile(type), spec, Optional.empty());
    }

    private static String write(KvmProfile profile, GuestSpec spec, Optional<String> configDrive) {
        return new KvmDomainXml(profile, LAYOUT)
                .write(spec, new GuestMark(spec.name(), OPERATION, 3), DiskFile.first(ID), configDrive);
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = KvmDomainXmlTest.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replaceAll(">\\s+<", "><")
                    .strip();
        }
    }

    @Test
    void aTcgGuestWithADirectKernel() throws IOException {
        GuestSpec spec = spec("web-1")
                .directBoot(new GuestSpec.DirectBoot(
                        image("aaaaaaaa-0000-0000-0000-000000000002", DiskFormat.AKI),
                        image("aaaaaaaa-0000-0000-0000-000000000003", DiskFormat.ARI),
                        "console=ttyS0 a=\"<b>\""))
                .build();
        assertEquals(golden("tcg-direct.xml"), write("qemu", spec));
    }

    @Test
    void aKvmGuestThatBootsFromItsDisk() throws IOException {
        assertEquals(golden("kvm-disk.xml"), write("kvm", spec("web-1").build()));
    }

    @ParameterizedTest
    @CsvSource({
        "pc-i440fx-7.2,,ide,hda",
        "pc-q35-7.2,,sata,sda",
        "pc-q35-7.2,scsi,scsi,sda",
        "pc-i440fx-7.2,sata,sata,sda"
    })
    void aConfigDriveIsACdromOnTheBusOfMachineOrImage(String machine, String wanted, String bus, String device) {
        Map<String, String> properties = wanted == null ? Map.of() : Map.of(Image.CDROM_BUS, wanted);
        XmlNode domain = XmlNode.parse(
                write(profile("qemu", machine), spec("web-1", properties).build(), Optional.of("/srv/g/c.iso")));
        XmlNode drive = domain.find("devices").orElseThrow().children("disk").get(1);
        assertEquals(Optional.of("cdrom"), drive.attribute("device"));
        assertEquals(Optional.of("raw"), drive.find("driver").orElseThrow().attribute("type"));
        assertEquals(
                Optional.of("/srv/g/c.iso"), drive.find("source").orElseThrow().attribute("file"));
        assertEquals(Optional.of(bus), drive.find("target").orElseThrow().attribute("bus"));
        assertEquals(Optional.of(device), drive.find("target").orElseThrow().attribute("dev"));
        assertTrue(drive.find("readonly").isPresent());
        boolean hasScsi = domain.descendants("controller").stream()
                .anyMatch(controller -> controller.attribute("model").equals(Optional.of("virtio-scsi")));
        assertEquals(bus.equals("scsi"), hasScsi);
    }

    @Test
    void onlyAGuestWhoseImageSaysSoHasAChannelToAnAgent() {
        for (String word : List.of("yes", "True", "1", "no", "false", "")) {
            Image plain = image("aaaaaaaa-0000-0000-0000-000000000001", DiskFormat.QCOW2);
            Image image = new Image(
                    plain.id(),
                    plain.name(),
                    plain.format(),
                    plain.size(),
                    plain.virtualSize(),
                    plain.checksum(),
                    plain.minMemory(),
                    plain.minDisk(),
                    Map.of(Image.HW_QEMU_GUEST_AGENT, word),
                    plain.createdAt());
            GuestSpec spec = GuestSpec.builder(ID, "web-1", Flavor.builder("f").build(), image)
                    .build();
            assertEquals(
                    Set.of("yes", "True", "1").contains(word) ? List.of("org.qemu.guest_agent.0") : List.of(),
                    XmlNode.parse(write("qemu", spec)).descendants("channel").stream()
                            .map(channel -> channel.find("target").orElseThrow())
                            .filter(target ->
                                    target.attribute("type").orElseThrow().equals("virtio"))
                            .map(target -> target.attribute("name").orElseThrow())
                            .toList(),
                    word);
        }
    }

    @Test
    void hostileNamesStayNames() {
        String hostile = "</title><devices><disk/></devices>\u0000\u001b[31m\n'\"&amp;]]><!--";
        String xml = write("qemu", spec(hostile).build());
        XmlNode domain = XmlNode.parse(xml);
        assertEquals(1, domain.children("devices").size());
        assertEquals(1, domain.descendants("disk").size());
        String title = domain.find("title").orElseThrow().text();
        assertFalse(title.contains("\n"), title);
        assertTrue(title.startsWith("</title><devices>"), title);
        assertEquals(
                hostile.replace('\u0000', '\uFFFD').replace('\u001b', '\uFFFD'),
                domain.find("metadata/guest/name").orElseThrow().text());
        assertEquals(
                "gantry-" + ID,
                XmlNode.parse(write("qemu", spec("\t\n").build()))
                        .find("title")
                        .orElseThrow()
                        .text());
    }

    @Test
    void theFilesOfADomainAreFound() {
        XmlNode domain = XmlNode.parse("<domain><os><kernel>/k</kernel><initrd>/i</initrd></os><devices>"
                + "<disk type='file'><source file='/top'/><backingStore><source file='/base'/></backingStore></disk>"
                + "<disk type='network'><source protocol='rbd' name='x'/></disk></devices></domain>");
        assertEquals(List.of("/top", "/base", "/k", "/i"), OfferFacts.files(domain));
    }
}
