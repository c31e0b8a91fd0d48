package io.gantry.driver.libvirt.topology;

import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.xml.XmlNode;
import io.gantry.error.InvalidRequest;
import io.gantry.topology.PciDevice;
import io.gantry.topology.PciType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a host's PCI devices from libvirt's node devices. */
public final class PciDevices {
    private static final Logger LOG = LoggerFactory.getLogger(PciDevices.class);
    private static final String BRIDGES = "0x06";

    private PciDevices() {}

    /**
     * {@return the devices that a host gives away} Bridges are left out, and so are devices without an IOMMU group, which the
     * hypervisor could not give to a guest.
     *
     * @param nodeDevices the XML of each of its PCI devices
     * @param spec which to give away
     * @throws LibvirtError if an XML is malformed
     */
    public static List<PciDevice> read(List<String> nodeDevices, PciDeviceSpec spec) {
        List<PciDevice> offered = new ArrayList<>();
        for (String xml : nodeDevices) {
            XmlNode capability = HostXml.parse("the node devices", xml).children("capability").stream()
                    .filter(one -> isOf(one, "pci"))
                    .findFirst()
                    .orElseThrow(() -> HostXml.malformed("a PCI device without capability pci"));
            PciDevice device = device(capability);
            if (!spec.offers(device) || isBridge(capability)) {
                continue;
            }
            if (capability.find("iommuGroup").isEmpty()) {
                LOG.warn(
                        "PCI device {} is to be given away, but has no IOMMU group: is the host's IOMMU switched on?",
                        device.address());
                continue;
            }
            offered.add(device);
        }
        return offered;
    }

    private static PciDevice device(XmlNode capability) {
        Optional<XmlNode> physical = part(capability, "phys_function").flatMap(part -> part.find("address"));
        PciType type = PciType.PCI;
        if (physical.isPresent()) {
            type = PciType.VF;
        } else if (part(capability, "virt_functions").isPresent()) {
            type = PciType.PF;
        }
        try {
            return new PciDevice(
                    address(
                            HostXml.intText(HostXml.child(capability, "domain")),
                            HostXml.intText(HostXml.child(capability, "bus")),
                            HostXml.intText(HostXml.child(capability, "slot")),
                            HostXml.intText(HostXml.child(capability, "function"))),
                    id(capability, "vendor"),
                    id(capability, "product"),
                    type,
                    capability.find("numa").map(numa -> HostXml.intAttribute(numa, "node")),
                    physical.map(PciDevices::address));
        } catch (InvalidRequest e) {
            LibvirtError error = HostXml.malformed(String.valueOf(e.getMessage()));
            error.initCause(e);
            throw error;
        }
    }

    private static String id(XmlNode capability, String name) {
        return String.format("%04x", HostXml.hexAttribute(HostXml.child(capability, name), "id"));
    }

    private static String address(XmlNode address) {
        return address(
                HostXml.hexAttribute(address, "domain"),
                HostXml.hexAttribute(address, "bus"),
                HostXml.hexAttribute(address, "slot"),
                HostXml.hexAttribute(address, "function"));
    }

    private static String address(int domain, int bus, int slot, int function) {
        return String.format("%04x:%02x:%02x.%x", domain, bus, slot, function);
    }

    private static boolean isBridge(XmlNode capability) {
        return capability
                        .find("class")
                        .filter(text -> text.text().startsWith(BRIDGES))
                        .isPresent()
                || part(capability, "pci-bridge").isPresent()
                || part(capability, "cardbus-bridge").isPresent();
    }

    private static Optional<XmlNode> part(XmlNode capability, String type) {
        return capability.children("capability").stream()
                .filter(one -> isOf(one, type))
                .findFirst();
    }

    private static boolean isOf(XmlNode capability, String type) {
        return capability.attribute("type").equals(Optional.of(type));
    }
}
