package io.gantry.topology;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds where on a host a guest's cells and devices can be. Finds a place if there is one, and always the same one for the
 * same values.
 *
 * <p>Each cell of the guest goes onto another cell of the host. Dedicated vCPUs have one of the host's dedicated CPUs each,
 * shared ones run on all others of the cell, as many as its ratio allows. A guest never over-commits against itself. With
 * dedicated vCPUs or with pages of a size there is no over-commitment of memory.
 *
 * <p>Cells of the host are tried in the order of their free devices (most first if the guest asks for some, else fewest
 * first), of their free CPUs, and of their free memory (most first, or fewest first to pack). Immutable.
 */
public final class TopologyFit {
    private final HostTopology host;
    private final TopologyUse used;
    private final double cpuRatio;
    private final double ramRatio;
    private final boolean pack;

    /**
     * Creates the search on one host.
     *
     * @param host what the host has
     * @param used what is used of it
     * @param cpuRatio shared vCPUs for each CPU, more than 0
     * @param ramRatio over-commitment of ordinary memory, more than 0
     * @param pack whether full cells are preferred to empty ones
     */
    public TopologyFit(HostTopology host, TopologyUse used, double cpuRatio, double ramRatio, boolean pack) {
        this.host = host;
        this.used = used;
        this.cpuRatio = cpuRatio;
        this.ramRatio = ramRatio;
        this.pack = pack;
    }

    /**
     * {@return where the guest can be, or nothing if it does not fit}
     *
     * @param guest the guest's topology, if it has one
     * @param devices the devices that it asks for
     */
    public Optional<GuestPlacement> place(Optional<GuestTopology> guest, List<PciRequest> devices) {
        DeviceFit deviceFit = new DeviceFit(host, used);
        return guest.isEmpty()
                ? deviceFit
                        .pick(devices, Optional.empty())
                        .map(addresses -> new GuestPlacement(List.of(), Optional.empty(), addresses))
                : new Search(guest.get(), devices, deviceFit).run();
    }

    /**
     * Depth first over the guest's cells in their order. Whether the rest fits depends only on which of the host's cells
     * are taken, so that each set of them is tried once: 2^n sets instead of n! orders.
     */
    private final class Search {
        private final GuestTopology guest;
        private final List<PciRequest> devices;
        private final DeviceFit deviceFit;
        private final List<HostCell> order;
        private final List<List<Optional<CellFit.Found>>> fits = new ArrayList<>();
        private final Set<Integer> failed = new HashSet<>();
        private final List<CellFit.Found> found = new ArrayList<>();
        private List<String> addresses = List.of();

        Search(GuestTopology guest, List<PciRequest> devices, DeviceFit deviceFit) {
            this.guest = guest;
            this.devices = devices;
            this.deviceFit = deviceFit;
            this.order = host.cells().stream().sorted(preference()).toList();
        }

        Optional<GuestPlacement> run() {
            if (guest.cells().size() > order.size()) {
                return Optional.empty();
            }
            for (int i = 0; i < guest.cells().size(); i++) {
                GuestCell cell = guest.cells().get(i);
                boolean emulator = i == 0 && guest.emulatorThreads() == EmulatorThreadsPolicy.ISOLATE;
                fits.add(order.stream()
                        .map(on -> new CellFit(on, used.cell(on.id()), cpuRatio, ramRatio).place(guest, cell, emulator))
                        .toList());
            }
            return from(0)
                    ? Optional.of(new GuestPlacement(
                            found.stream().map(CellFit.Found::cell).toList(),
                            found.get(0).emulatorCpu(),
                            addresses))
                    : Optional.empty();
        }

        private boolean from(int takenCells) {
            if (failed.contains(takenCells)) {
                return false;
            }
            if (found.size() == fits.size() && pickDevices()) {
                return true;
            }
            if (found.size() < fits.size() && next(takenCells)) {
                return true;
            }
            failed.add(takenCells);
            return false;
        }

        private boolean next(int takenCells) {
            List<Optional<CellFit.Found>> here = fits.get(found.size());
            for (int i = 0; i < order.size(); i++) {
                if ((takenCells & 1 << i) == 0 && here.get(i).isPresent()) {
                    found.add(here.get(i).get());
                    if (from(takenCells | 1 << i)) {
                        return true;
                    }
                    found.remove(found.size() - 1);
                }
            }
            return false;
        }

        private boolean pickDevices() {
            Set<Integer> cells = new HashSet<>();
            found.forEach(one -> cells.add(one.cell().hostCell()));
            Optional<List<String>> picked = deviceFit.pick(devices, Optional.of(cells));
            addresses = picked.orElse(List.of());
            return picked.isPresent();
        }

        private Comparator<HostCell> preference() {
            Comparator<HostCell> fewestDevices = Comparator.comparingLong(cell -> deviceFit.freeOn(cell.id()));
            Comparator<HostCell> mostFree = Comparator.<HostCell>comparingInt(this::freeCpus)
                    .thenComparingLong(this::freeMemory)
                    .reversed();
            return (devices.isEmpty() ? fewestDevices : fewestDevices.reversed())
                    .thenComparing(pack ? mostFree.reversed() : mostFree)
                    .thenComparingInt(HostCell::id);
        }

        private int freeCpus(HostCell cell) {
            TopologyUse.Cell use = used.cell(cell.id());
            int dedicated = cell.dedicatedCpus().size();
            return guest.cpuPolicy() == CpuPolicy.SHARED
                    ? cell.cpus() - dedicated - use.sharedVcpus()
                    : dedicated - use.taken().size();
        }

        private long freeMemory(HostCell cell) {
            return cell.memory().bytes() - used.cell(cell.id()).memory().bytes();
        }
    }
}
