package io.gantry.driver.kvm;

import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.xml.XmlNode;
import io.gantry.error.Unsupported;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.DriverCapability;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The parts of a parsed domain that lay the guest out on its host. They are this driver's: what others wrote there goes
 * with the next layout, except devices. Not safe for use by several threads.
 */
final class DomainLayout {
    private final XmlNode domain;

    DomainLayout(XmlNode domain) {
        this.domain = domain;
    }

    static DomainLayout parse(String xml) {
        return new DomainLayout(XmlNode.parse(xml));
    }

    /**
     * Replaces the layout.
     *
     * @param layout what {@link LayoutXml#domain} wrote
     */
    void replace(XmlNode layout) {
        processors(layout);
        parts("memoryBacking", layout, List.of("hugepages", "nosharepages", "locked"));
        parts("cputune", layout, List.of("vcpupin", "emulatorpin", "vcpusched"));
        parts("numatune", layout, List.of("memory", "memnode"));
        parts("cpu", layout, List.of("numa"));
        devices(layout);
    }

    private void processors(XmlNode layout) {
        XmlNode vcpu = require(domain, "vcpu");
        Optional<String> cpus = require(layout, "vcpu").attribute("cpuset");
        if (cpus.isPresent()) {
            vcpu.setAttribute("placement", "static");
            vcpu.setAttribute("cpuset", cpus.get());
        } else {
            vcpu.removeAttribute("cpuset");
        }
    }

    /** Replaces the parts with these names of one of the domain's elements; others in it stay. */
    private void parts(String element, XmlNode layout, List<String> names) {
        List<XmlNode> wanted = names.stream()
                .flatMap(name -> layout.find(element).stream().flatMap(found -> found.children(name).stream()))
                .toList();
        Optional<XmlNode> old = domain.find(element);
        if (old.isEmpty()) {
            if (!wanted.isEmpty()) {
                domain.append(layout.find(element).orElseThrow());
            }
            return;
        }
        boolean had = false;
        for (String name : names) {
            for (XmlNode part : old.get().children(name)) {
                part.remove();
                had = true;
            }
        }
        wanted.forEach(old.get()::append);
        if (had && old.get().isEmpty()) {
            old.get().remove();
        }
    }

    /** A device that is there already keeps its place in the guest. */
    private void devices(XmlNode layout) {
        XmlNode devices = require(domain, "devices");
        List<XmlNode> wanted = require(layout, "devices").children("hostdev");
        Set<PciAddress> missing = new HashSet<>();
        wanted.forEach(device -> missing.add(source(device)));
        for (XmlNode device : hostDevices()) {
            if (isOfLayout(device) && !missing.remove(source(device))) {
                device.remove();
            }
        }
        Set<String> aliases = new HashSet<>();
        hostDevices().forEach(device -> aliases.add(alias(device)));
        int number = 0;
        for (XmlNode device : wanted) {
            if (!missing.contains(source(device))) {
                continue;
            }
            while (!aliases.add(LayoutXml.DEVICE_ALIAS + number)) {
                number++;
            }
            require(device, "alias").setAttribute("name", LayoutXml.DEVICE_ALIAS + number);
            devices.append(device);
        }
    }

    /** @throws Unsupported if the guest has devices of its host, which keep its memory where it is */
    void requireNoDevices(InstanceId id, DriverCapability verb, String remedy) {
        List<String> devices = deviceNames();
        if (!devices.isEmpty()) {
            throw new Unsupported(id.ref(), verb.name(), "it has devices of its host: " + devices, remedy);
        }
    }

    /** {@return the host's devices that the guest has, whoever gave them, for people} */
    List<String> deviceNames() {
        return hostDevices().stream()
                .map(device -> isPci(device)
                        ? source(device).toString()
                        : device.attribute("type").orElse("unknown"))
                .toList();
    }

    /** {@return the guest's cells, each as one line with its vCPUs and memory} */
    List<String> cells() {
        return domain.find("cpu/numa").map(numa -> numa.children("cell")).orElse(List.of()).stream()
                .map(cell -> "vCPUs " + cell.attribute("cpus").orElse("none") + " with "
                        + cell.attribute("memory").orElse("") + " "
                        + cell.attribute("unit").orElse("KiB"))
                .toList();
    }

    private List<XmlNode> hostDevices() {
        return require(domain, "devices").children("hostdev");
    }

    private static boolean isOfLayout(XmlNode device) {
        return isPci(device) && alias(device).startsWith(LayoutXml.DEVICE_ALIAS);
    }

    private static boolean isPci(XmlNode device) {
        return device.attribute("type").equals(Optional.of("pci"))
                && device.find("source/address").isPresent();
    }

    private static String alias(XmlNode device) {
        return device.find("alias").flatMap(alias -> alias.attribute("name")).orElse("");
    }

    private static PciAddress source(XmlNode device) {
        return PciAddress.of(require(device, "source/address"));
    }

    private static XmlNode require(XmlNode node, String path) {
        return node.find(path)
                .orElseThrow(() -> new LibvirtError(
                        LibvirtError.INTERNAL_ERROR, 0, "the guest's description has no element " + path));
    }
}
