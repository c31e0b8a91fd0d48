package io.gantry.driver.libvirt.topology;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;

import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.xml.XmlNode;
import io.gantry.error.InvalidRequest;
import io.gantry.topology.HostCell;
import io.gantry.topology.HostTopology;
import io.gantry.unit.MemorySize;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a host's NUMA cells from libvirt's capabilities. */
public final class HostCells {
    private static final Logger LOG = LoggerFactory.getLogger(HostCells.class);
    private static final int MOST_CELLS = 16;
    private static final int KIB = 1024;
    private static final int USUAL_PAGE_KIB = 4;

    private final int usualPageKib;

    private HostCells(int usualPageKib) {
        this.usualPageKib = usualPageKib;
    }

    /**
     * {@return the cells that have CPUs; empty if libvirt tells none, or more than {@link HostTopology} can hold} CPUs that
     * are offline are left out, and so are cells without any other: no vCPU can run there, and the memory of some of them is
     * that of devices.
     *
     * @param capabilities the capabilities XML
     * @throws LibvirtError if the XML is malformed, or contradicts itself
     */
    public static List<HostCell> read(String capabilities) {
        XmlNode host = HostXml.child(HostXml.parse("the capabilities", capabilities), "host");
        int usual = host.find("cpu").map(cpu -> cpu.children("pages")).orElse(List.of()).stream()
                .mapToInt(page -> HostXml.intAttribute(kib(page), "size"))
                .min()
                .orElse(USUAL_PAGE_KIB);
        HostCells reader = new HostCells(usual);
        List<HostCell> cells =
                host.find("topology/cells").map(found -> found.children("cell")).orElse(List.of()).stream()
                        .filter(cell -> !online(cell).isEmpty())
                        .map(cell -> consistent(() -> reader.cell(cell)))
                        .toList();
        if (cells.size() > MOST_CELLS) {
            LOG.warn(
                    "A host has {} NUMA cells: guests with a topology can be placed on {} at most",
                    cells.size(),
                    MOST_CELLS);
            return List.of();
        }
        return consistent(() -> new HostTopology(cells, List.of())).cells();
    }

    private static <T> T consistent(Supplier<T> description) {
        try {
            return description.get();
        } catch (InvalidRequest | ArithmeticException e) {
            LibvirtError error = HostXml.malformed(String.valueOf(e.getMessage()));
            error.initCause(e);
            throw error;
        }
    }

    private HostCell cell(XmlNode cell) {
        List<XmlNode> cpus = online(cell);
        Map<Integer, Long> pages = new HashMap<>();
        for (XmlNode page : cell.children("pages")) {
            pages.put(HostXml.intAttribute(kib(page), "size"), HostXml.longText(page));
        }
        int small = pages.keySet().stream().mapToInt(size -> size).min().orElse(usualPageKib);
        // What libvirt calls the memory of a cell has the huge pages in it; its count of small pages is without them.
        Long smallPages = pages.remove(small);
        long memoryKib = smallPages == null
                ? cell.find("memory").map(HostCells::kib).map(HostXml::longText).orElse(0L)
                : Math.multiplyExact(smallPages, small);
        return new HostCell(
                HostXml.intAttribute(cell, "id"),
                cpus.stream().mapToInt(HostCells::socket).min().orElse(0),
                cores(cpus),
                new MemorySize(Math.multiplyExact(memoryKib, KIB)),
                small,
                pages,
                Set.of());
    }

    private static List<XmlNode> online(XmlNode cell) {
        return cell.find("cpus").map(cpus -> cpus.children("cpu")).orElse(List.of()).stream()
                .filter(cpu -> cpu.attribute("siblings").isPresent()) // libvirt knows nothing but the id of others
                .toList();
    }

    /** Some processors do not say: to libvirt that is -1. */
    private static int socket(XmlNode cpu) {
        return cpu.attribute("socket_id").orElse("-1").equals("-1") ? 0 : HostXml.intAttribute(cpu, "socket_id");
    }

    /** {@return the threads of each core that are in the cell and online} */
    private static List<Set<Integer>> cores(List<XmlNode> cpus) {
        Set<Integer> here =
                cpus.stream().map(cpu -> HostXml.intAttribute(cpu, "id")).collect(toSet());
        if (here.size() < cpus.size()) {
            throw HostXml.malformed("a cell has a CPU twice");
        }
        Map<NavigableSet<Integer>, Set<Integer>> cores = cpus.stream()
                .collect(groupingBy(
                        cpu -> siblings(cpu, here),
                        LinkedHashMap::new,
                        mapping(cpu -> HostXml.intAttribute(cpu, "id"), toSet())));
        cores.forEach((siblings, threads) -> {
            if (!siblings.equals(threads)) {
                throw HostXml.malformed("CPUs " + threads + " say that they are threads of one core with " + siblings);
            }
        });
        return List.copyOf(cores.values());
    }

    private static NavigableSet<Integer> siblings(XmlNode cpu, Set<Integer> here) {
        NavigableSet<Integer> siblings = new TreeSet<>(CpuSet.parse(HostXml.attribute(cpu, "siblings")));
        siblings.retainAll(here);
        return siblings;
    }

    private static XmlNode kib(XmlNode amount) {
        if (!amount.attribute("unit").orElse("KiB").equals("KiB")) {
            throw HostXml.malformed("an element " + amount.name() + " is in "
                    + amount.attribute("unit").orElse(""));
        }
        return amount;
    }
}
