package io.gantry.topology;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Tries everything: each order of cells, each page size, each set of CPUs, each choice of devices. */
final class Oracle {
    private final HostTopology host;
    private final TopologyUse used;
    private final double cpuRatio;
    private final double ramRatio;

    Oracle(HostTopology host, TopologyUse used, double cpuRatio, double ramRatio) {
        this.host = host;
        this.used = used;
        this.cpuRatio = cpuRatio;
        this.ramRatio = ramRatio;
    }

    boolean fits(Optional<GuestTopology> guest, List<PciRequest> requests) {
        return guest.map(topology -> orders(topology, List.of(), requests))
                .orElseGet(() -> devices(requests, 0, 0, Set.of(), Optional.empty()));
    }

    private boolean orders(GuestTopology guest, List<HostCell> chosen, List<PciRequest> requests) {
        if (chosen.size() == guest.cells().size()) {
            return devices(requests, 0, 0, Set.of(), Optional.of(chosen));
        }
        int i = chosen.size();
        return host.cells().stream()
                .filter(cell -> !chosen.contains(cell))
                .filter(cell -> memory(guest, guest.cells().get(i), cell))
                .filter(cell -> cpus(guest, i, cell))
                .anyMatch(cell -> {
                    List<HostCell> more = new ArrayList<>(chosen);
                    more.add(cell);
                    return orders(guest, more, requests);
                });
    }

    private boolean memory(GuestTopology guest, GuestCell cell, HostCell on) {
        long small = on.smallPageKib();
        long bytes = cell.memory().bytes();
        TopologyUse.Cell use = used.cell(on.id());
        boolean exclusively = use.memory().bytes() + bytes <= on.memory().bytes();
        boolean inSmall = exclusively && bytes % (small * 1024) == 0;
        Predicate<Map.Entry<Integer, Long>> enough = size -> bytes % (size.getKey() * 1024L) == 0
                && bytes / (size.getKey() * 1024L)
                        <= size.getValue() - use.hugePages().getOrDefault(size.getKey(), 0L);
        boolean inHuge = on.hugePages().entrySet().stream().anyMatch(enough);
        return switch (guest.pageSize().kind()) {
            case SMALL -> inSmall;
            case LARGE -> inHuge;
            case ANY -> inSmall || inHuge;
            case EXACT ->
                guest.pageSize().kib() == small
                        ? inSmall
                        : on.hugePages().entrySet().stream()
                                .filter(size ->
                                        size.getKey() == guest.pageSize().kib())
                                .anyMatch(enough);
            case UNSPECIFIED ->
                guest.cpuPolicy() == CpuPolicy.SHARED
                        ? bytes <= on.memory().bytes()
                                && use.memory().bytes() + bytes <= on.memory().bytes() * ramRatio
                        : exclusively;
        };
    }

    private boolean cpus(GuestTopology guest, int index, HostCell on) {
        GuestCell cell = guest.cells().get(index);
        boolean emulator = index == 0 && guest.emulatorThreads() == EmulatorThreadsPolicy.ISOLATE;
        List<Integer> all = on.cores().stream().flatMap(Set::stream).sorted().toList();
        for (int bits = 0; bits < 1 << all.size(); bits++) {
            Set<Integer> pinned = new HashSet<>();
            for (int i = 0; i < all.size(); i++) {
                if ((bits >> i & 1) == 1) {
                    pinned.add(all.get(i));
                }
            }
            if (pinned.size() == cell.dedicated().size() && pinnedFits(guest, cell, on, pinned, emulator)) {
                return true;
            }
        }
        return false;
    }

    private boolean pinnedFits(
            GuestTopology guest, GuestCell cell, HostCell on, Set<Integer> pinned, boolean emulator) {
        if (!emulator) {
            return allowed(guest.threadPolicy(), cell, on, pinned, pinned);
        }
        return on.cores().stream()
                .flatMap(Set::stream)
                .filter(cpu -> !pinned.contains(cpu))
                .anyMatch(cpu -> {
                    Set<Integer> with = new HashSet<>(pinned);
                    with.add(cpu);
                    return allowed(guest.threadPolicy(), cell, on, pinned, with);
                });
    }

    /** The rules, on a complete choice. */
    boolean allowed(
            CpuThreadPolicy policy, GuestCell cell, HostCell on, Set<Integer> pinned, Set<Integer> withEmulator) {
        Set<Integer> taken = used.cell(on.id()).taken();
        if (!on.dedicatedCpus().containsAll(withEmulator)) {
            return false;
        }
        int usedAlone = 0;
        for (Set<Integer> core : on.cores()) {
            long mine = core.stream().filter(withEmulator::contains).count();
            long pins = core.stream().filter(pinned::contains).count();
            long free = core.stream()
                    .filter(cpu -> on.dedicatedCpus().contains(cpu) && !taken.contains(cpu))
                    .count();
            if (core.stream().anyMatch(cpu -> withEmulator.contains(cpu) && taken.contains(cpu))) {
                return false;
            }
            if (policy == CpuThreadPolicy.ISOLATE && mine > 0 && (mine > 1 || free < core.size())) {
                return false;
            }
            if (policy == CpuThreadPolicy.REQUIRE && pins > 0 && free < 2) {
                return false;
            }
            usedAlone += pins == 1 ? 1 : 0;
        }
        if (policy == CpuThreadPolicy.REQUIRE && usedAlone > 1) {
            return false;
        }
        int shared = cell.vcpus().size() - cell.dedicated().size();
        int pool = on.cpus() - on.dedicatedCpus().size();
        return shared == 0 || (shared <= pool && used.cell(on.id()).sharedVcpus() + shared <= pool * cpuRatio);
    }

    private boolean devices(
            List<PciRequest> requests, int request, int unit, Set<PciDevice> picked, Optional<List<HostCell>> cells) {
        if (request == requests.size()) {
            return true;
        }
        PciRequest asked = requests.get(request);
        if (unit == asked.count()) {
            return devices(requests, request + 1, 0, picked, cells);
        }
        return host.devices().stream()
                .filter(device -> !picked.contains(device))
                .filter(device -> asked.anyOf().stream()
                        .anyMatch(match -> match.type() == device.type()
                                && (match.vendor().isEmpty()
                                        || match.vendor().get().equals(device.vendor()))
                                && (match.product().isEmpty()
                                        || match.product().get().equals(device.product()))))
                .filter(device -> host.devices().stream()
                        .filter(other -> used.devices().contains(other.address()) || picked.contains(other))
                        .noneMatch(other -> other.equals(device)
                                || other.physicalFunction().equals(Optional.of(device.address()))
                                || device.physicalFunction().equals(Optional.of(other.address()))))
                .filter(device -> cells.isEmpty() || near(asked.policy(), device, cells.get()))
                .anyMatch(device -> {
                    Set<PciDevice> more = new HashSet<>(picked);
                    more.add(device);
                    return devices(requests, request, unit + 1, more, cells);
                });
    }

    boolean near(PciNumaPolicy policy, PciDevice device, List<HostCell> cells) {
        boolean on = cells.stream().anyMatch(cell -> device.cell().equals(Optional.of(cell.id())));
        return switch (policy) {
            case PREFERRED -> true;
            case REQUIRED -> on;
            case LEGACY -> on || device.cell().isEmpty();
            case SOCKET ->
                host.cells().stream()
                        .filter(cell -> device.cell().equals(Optional.of(cell.id())))
                        .anyMatch(cell -> cells.stream().anyMatch(mine -> mine.socket() == cell.socket()));
        };
    }
}
