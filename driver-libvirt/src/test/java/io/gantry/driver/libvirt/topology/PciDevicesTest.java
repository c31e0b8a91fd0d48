package io.gantry.driver.libvirt.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.error.InvalidRequest;
import io.gantry.topology.PciDevice;
import io.gantry.topology.PciType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PciDevicesTest {
    private static final String GROUP =
            "<iommuGroup number='15'><address domain='0x0000' bus='0x82' slot='0x00' function='0x0'/></iommuGroup>";
    private static final String PF = device(
            "0x020000",
            "130",
            "0",
            "0x10fb",
            "0x8086",
            "<capability type='virt_functions' maxCount='63'>"
                    + "<address domain='0x0000' bus='0x82' slot='0x10' function='0x0'/></capability>" + GROUP
                    + "<numa node='1'/>");
    private static final String PF_WITHOUT_VFS = device(
            "0x020000", "131", "0", "0x10fb", "0x8086", "<capability type='virt_functions' maxCount='63'/>" + GROUP);
    private static final String VF = device(
            "0x020000",
            "130",
            "16",
            "0x10ed",
            "0x8086",
            "<capability type='phys_function'>"
                    + "<address domain='0x0000' bus='0x82' slot='0x00' function='0x0'/></capability>" + GROUP
                    + "<numa node='1'/>");
    private static final String GPU = device("0x030200", "10", "0", "0x1eb8", "0x10de", GROUP);
    private static final String NIC = device("0x020000", "4", "0", "0x1533", "0x8086", GROUP);
    private static final String BRIDGE = device(
            "0x060400", "0", "1", "0x3c08", "0x8086", "<capability type='pci-bridge'/>" + GROUP + "<numa node='0'/>");
    private static final List<String> ALL = List.of(PF, PF_WITHOUT_VFS, VF, GPU, NIC, BRIDGE);

    private static String device(String kind, String bus, String slot, String product, String vendor, String more) {
        return "<device><name>pci</name><parent>computer</parent><driver><name>x</name></driver>"
                + "<capability type='pci'><class>" + kind + "</class><domain>0</domain><bus>" + bus + "</bus><slot>"
                + slot + "</slot><function>0</function><product id='" + product + "'>P</product><vendor id='" + vendor
                + "'>V</vendor>" + more + "</capability></device>";
    }

    private static List<String> addresses(String spec) {
        return PciDevices.read(ALL, PciDeviceSpec.parse("f", spec)).stream()
                .map(PciDevice::address)
                .toList();
    }

    @Test
    void functionsKnowWhatTheyArePartOfAndWhereTheyAre() {
        Optional<Integer> cell = Optional.of(1);
        assertEquals(
                List.of(
                        new PciDevice("0000:82:00.0", "8086", "10fb", PciType.PF, cell, Optional.empty()),
                        new PciDevice("0000:83:00.0", "8086", "10fb", PciType.PF, Optional.empty(), Optional.empty()),
                        new PciDevice("0000:82:10.0", "8086", "10ed", PciType.VF, cell, Optional.of("0000:82:00.0")),
                        new PciDevice("0000:0a:00.0", "10de", "1eb8", PciType.PCI, Optional.empty(), Optional.empty())),
                PciDevices.read(ALL, PciDeviceSpec.parse("f", "8086:10fb, 8086:10ed, 10de:1eb8")));
    }

    @Test
    void nothingIsOfferedUnlessItIsNamed() {
        assertEquals(List.of(), PciDevices.read(ALL, PciDeviceSpec.NONE));
        assertTrue(PciDeviceSpec.NONE.isEmpty());
        assertFalse(PciDeviceSpec.parse("f", "10de:1eb8").isEmpty());
        assertEquals(List.of(), addresses("10de:1eb9"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "0000:82:00.0 | 0000:82:00.0",
                "0000:82:*.* | 0000:82:00.0 0000:82:10.0",
                "0000:82:10.* | 0000:82:10.0",
                "0000:82:*.0, 10DE:1EB8 | 0000:82:00.0 0000:82:10.0 0000:0a:00.0",
                "0000:00:*.* | \"\"",
                "8086:3c08 | \"\"",
            })
    void devicesAreNamedByKindOrAddressAndBridgesAreNeverOffered(String spec, String expected) {
        assertEquals(expected, String.join(" ", addresses(spec)));
    }

    @Test
    void aDeviceWithoutAnIommuGroupIsNotOffered() {
        assertEquals(
                List.of(), PciDevices.read(List.of(GPU.replace(GROUP, "")), PciDeviceSpec.parse("f", "10de:1eb8")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "8086",
                "8086:10fb,",
                "8086:*",
                "*:*:*.*",
                "0000:*:*.*",
                "0000:82:00.8",
                "0000:82:00",
                "82:00.0",
                "x086:10fb",
                "8086:10fb;0000:82:00.0",
                "0000:82:.*",
                "0000:82:0*.0"
            })
    void whatNamesNoDevicesIsRefused(String spec) {
        InvalidRequest refused = assertThrows(InvalidRequest.class, () -> PciDeviceSpec.parse("the.field", spec));
        assertEquals("the.field", refused.field());
        assertEquals(spec, refused.value());
        assertTrue(refused.remediation().contains("8086:1572"), refused::remediation);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "<bus>10</bus> | \"\" | no element bus",
                "<bus>10</bus> | <bus>ten</bus> | for a number",
                "<bus>10</bus> | <bus>-1</bus> | for a number",
                "<bus>10</bus> | <bus>256</bus> | pci.address",
                "<vendor id='0x10de'> | <vendor> | no attribute id",
                "id='0x10de' | id='NVIDIA' | for a number",
                "id='0x10de' | id='0x110de' | pci.vendor",
                "type='pci' | type='usb' | without capability pci",
                "</device> | \"\" | not a well-formed",
            })
    void whatIsMalformedIsRefusedWithItsReason(String part, String instead, String reason) {
        assertTrue(GPU.contains(part), part);
        String bad = GPU.replace(part, instead);
        LibvirtError refused = assertThrows(
                LibvirtError.class, () -> PciDevices.read(List.of(bad), PciDeviceSpec.parse("f", "10de:1eb8")));
        assertTrue(refused.text().contains(reason), refused::text);
    }
}
