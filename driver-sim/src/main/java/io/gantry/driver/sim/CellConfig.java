package io.gantry.driver.sim;

import io.gantry.error.InvalidRequest;
import io.gantry.topology.HostCell;
import io.gantry.topology.HostTopology;
import io.gantry.topology.PciDevice;
import io.gantry.topology.PciType;
import io.gantry.unit.MemorySize;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The NUMA cells and PCI devices of a simulated host, as its parameters describe them.
 *
 * @param cells how many cells CPUs and memory are divided into; 0 for a host that does not tell
 * @param threads threads of each core
 * @param hugePages pages of 2 MiB that are set aside in each cell
 * @param devices its PCI devices
 */
record CellConfig(int cells, int threads, long hugePages, List<PciDevice> devices) {
    /** A host that does not tell. */
    static final CellConfig UNKNOWN = new CellConfig(0, 1, 0, List.of());

    private static final int PAGE_KIB = 2048;
    private static final int SMALL_PAGE_KIB = 4;

    CellConfig withCells(int number) {
        return new CellConfig(number, threads, hugePages, devices);
    }

    CellConfig withThreads(int number) {
        return new CellConfig(cells, number, hugePages, devices);
    }

    CellConfig withHugePages(long number) {
        return new CellConfig(cells, threads, number, devices);
    }

    /** Devices from text: {@code ADDRESS/VENDOR/PRODUCT/TYPE/CELL[/PHYSICAL_FUNCTION]}, with commas between them. */
    CellConfig withDevices(String key, String text) {
        return new CellConfig(
                cells,
                threads,
                hugePages,
                Stream.of(text.split(",", -1)).map(part -> device(key, part)).toList());
    }

    private static PciDevice device(String key, String text) {
        String[] parts = text.split("/", -1);
        boolean isKnown = parts.length >= 5
                && parts.length <= 6
                && parts[4].matches("[0-9]{0,2}")
                && Stream.of(PciType.values()).anyMatch(type -> type.name().equals(parts[3].toUpperCase(Locale.ROOT)));
        if (!isKnown) {
            throw new InvalidRequest(
                    "host.properties." + key,
                    text,
                    "is no device",
                    "Send ADDRESS/VENDOR/PRODUCT/TYPE/CELL[/PHYSICAL_FUNCTION], such as 0000:81:00.0/8086/1572/pci/0");
        }
        return new PciDevice(
                parts[0],
                parts[1],
                parts[2],
                PciType.valueOf(parts[3].toUpperCase(Locale.ROOT)),
                parts[4].isEmpty() ? Optional.empty() : Optional.of(Integer.valueOf(parts[4])),
                parts.length == 6 ? Optional.of(parts[5]) : Optional.empty());
    }

    /** {@return the topology of a host of this size} */
    HostTopology topology(int vcpus, MemorySize memory) {
        if (cells == 0) {
            return new HostTopology(List.of(), devices);
        }
        if (vcpus % (cells * threads) != 0) {
            throw new InvalidRequest(
                    "host.properties.numa-cells",
                    cells,
                    "does not divide " + vcpus + " CPUs evenly, with " + threads + " threads of each core",
                    "Choose a number of vcpus that is a multiple of both");
        }
        long huge = hugePages * PAGE_KIB * 1024;
        long ordinary = memory.bytes() / cells - huge;
        if (ordinary < 0) {
            throw new InvalidRequest(
                    "host.properties.huge-pages",
                    hugePages,
                    "of each cell are more than its share of " + memory,
                    "Set fewer aside");
        }
        int perCell = vcpus / cells;
        List<HostCell> all = new ArrayList<>();
        for (int id = 0; id < cells; id++) {
            int first = id * perCell;
            List<Set<Integer>> cores = IntStream.range(0, perCell / threads)
                    .mapToObj(core -> IntStream.range(0, threads)
                            .mapToObj(thread -> first + core * threads + thread)
                            .collect(Collectors.<Integer, Set<Integer>>toCollection(TreeSet::new)))
                    .toList();
            all.add(new HostCell(
                    id,
                    id,
                    cores,
                    new MemorySize(ordinary),
                    SMALL_PAGE_KIB,
                    hugePages == 0 ? Map.of() : Map.of(PAGE_KIB, hugePages),
                    Set.of()));
        }
        return new HostTopology(all, devices);
    }
}
