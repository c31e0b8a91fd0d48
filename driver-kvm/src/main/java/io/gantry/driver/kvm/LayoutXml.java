package io.gantry.driver.kvm;

import io.gantry.driver.libvirt.topology.CpuSet;
import io.gantry.driver.libvirt.xml.XmlText;
import io.gantry.topology.GuestLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Writes the parts of a domain's XML that lay the guest out on its host; for a guest that may be anywhere, nothing. */
final class LayoutXml {
    /** What the aliases begin with by which the devices are known that a layout gave. */
    static final String DEVICE_ALIAS = "ua-gantry-pci-";

    private static final String REALTIME_PRIORITY = "1";

    private final GuestLayout layout;

    LayoutXml(GuestLayout layout) {
        this.layout = layout;
    }

    /** {@return all of it, as a domain without anything else} */
    String domain() {
        return XmlText.document("domain", xml -> {
            xml.element("vcpu", this::vcpu);
            tuning(xml);
            xml.element("cpu", this::cells).element("devices", this::devices);
        });
    }

    /** Writes attributes of the element {@code vcpu}. */
    void vcpu(XmlText vcpu) {
        if (!layout.cpus().isEmpty()) {
            vcpu.attribute("placement", "static").attribute("cpuset", CpuSet.text(layout.cpus()));
        }
    }

    /** Writes how CPUs and memory of the host are used. */
    void tuning(XmlText domain) {
        NavigableMap<Integer, NavigableSet<Integer>> cellsByPage = cellsByPage();
        boolean realtime = !layout.realtime().isEmpty();
        if (!cellsByPage.isEmpty() || realtime) {
            domain.element("memoryBacking", backing -> {
                if (!cellsByPage.isEmpty()) {
                    backing.element("hugepages", pages -> cellsByPage.forEach((kib, cells) -> page(pages, kib, cells)));
                }
                if (realtime) { // a page that has to be fetched first would keep a vCPU waiting
                    backing.element("nosharepages").element("locked");
                }
            });
        }
        if (!layout.vcpuCpus().isEmpty()) {
            domain.element("cputune", this::cputune);
        }
        if (!layout.cells().isEmpty()) {
            domain.element("numatune", this::numatune);
        }
    }

    private static void page(XmlText pages, int kib, NavigableSet<Integer> cells) {
        pages.element(
                "page",
                page -> page.attribute("size", Integer.toString(kib))
                        .attribute("unit", "KiB")
                        .attribute("nodeset", CpuSet.text(cells)));
    }

    private NavigableMap<Integer, NavigableSet<Integer>> cellsByPage() {
        NavigableMap<Integer, NavigableSet<Integer>> cells = new TreeMap<>();
        for (int i = 0; i < layout.cells().size(); i++) {
            int kib = layout.cells().get(i).pageKib();
            if (kib > 0) {
                cells.computeIfAbsent(kib, size -> new TreeSet<>()).add(i);
            }
        }
        return cells;
    }

    private void cputune(XmlText cputune) {
        for (Map.Entry<Integer, NavigableSet<Integer>> vcpu : layout.vcpuCpus().entrySet()) {
            cputune.element(
                    "vcpupin",
                    pin -> pin.attribute("vcpu", Integer.toString(vcpu.getKey()))
                            .attribute("cpuset", CpuSet.text(vcpu.getValue())));
        }
        if (!layout.cpus().isEmpty()) {
            cputune.element("emulatorpin", pin -> pin.attribute("cpuset", CpuSet.text(layout.cpus())));
        }
        if (!layout.realtime().isEmpty()) {
            cputune.element(
                    "vcpusched",
                    sched -> sched.attribute("vcpus", CpuSet.text(new TreeSet<>(layout.realtime())))
                            .attribute("scheduler", "fifo")
                            .attribute("priority", REALTIME_PRIORITY));
        }
    }

    private void numatune(XmlText numatune) {
        NavigableSet<Integer> all = new TreeSet<>();
        layout.cells().forEach(cell -> all.add(cell.hostCell()));
        numatune.element("memory", memory -> memory.attribute("mode", "strict").attribute("nodeset", CpuSet.text(all)));
        for (int i = 0; i < layout.cells().size(); i++) {
            String id = Integer.toString(i);
            String on = Integer.toString(layout.cells().get(i).hostCell());
            numatune.element(
                    "memnode",
                    memory -> memory.attribute("cellid", id)
                            .attribute("mode", "strict")
                            .attribute("nodeset", on));
        }
    }

    /** Writes the guest's cells into an element {@code cpu}. */
    void cells(XmlText cpu) {
        if (!layout.cells().isEmpty()) {
            cpu.element("numa", numa -> {
                for (int i = 0; i < layout.cells().size(); i++) {
                    cell(numa, i, layout.cells().get(i));
                }
            });
        }
    }

    private static void cell(XmlText numa, int id, GuestLayout.Cell cell) {
        numa.element("cell", xml -> {
            xml.attribute("id", Integer.toString(id));
            if (!cell.vcpus().isEmpty()) {
                xml.attribute("cpus", CpuSet.text(cell.vcpus()));
            }
            xml.attribute("memory", Long.toString(kib(cell))).attribute("unit", "KiB");
        });
    }

    static long kib(GuestLayout.Cell cell) {
        return cell.memory().bytes() >> 10;
    }

    /** Writes the devices into an element {@code devices}. */
    void devices(XmlText devices) {
        List<String> addresses = new ArrayList<>(layout.devices());
        for (int i = 0; i < addresses.size(); i++) {
            PciAddress address = PciAddress.parse(addresses.get(i));
            String alias = DEVICE_ALIAS + i;
            devices.element(
                    "hostdev",
                    device -> device.attribute("mode", "subsystem")
                            .attribute("type", "pci")
                            .attribute("managed", "yes")
                            .element("source", source -> source.element("address", address::writeTo))
                            .element("alias", name -> name.attribute("name", alias)));
        }
    }
}
