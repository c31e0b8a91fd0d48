package io.gantry.topology;

import io.gantry.unit.MemorySize;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** Whether and how one cell of a guest fits onto one cell of a host; cells do not depend on each other in this. */
final class CellFit {
    private final HostCell host;
    private final TopologyUse.Cell used;
    private final double cpuRatio;
    private final double ramRatio;

    CellFit(HostCell host, TopologyUse.Cell used, double cpuRatio, double ramRatio) {
        this.host = host;
        this.used = used;
        this.cpuRatio = cpuRatio;
        this.ramRatio = ramRatio;
    }

    /** A cell's place, and the CPU for the emulator's threads if one is wanted of this cell. */
    record Found(CellPlacement cell, Optional<Integer> emulatorCpu) {}

    Optional<Found> place(GuestTopology guest, GuestCell cell, boolean withEmulator) {
        OptionalInt page = page(guest, cell.memory());
        if (page.isEmpty()) {
            return Optional.empty();
        }
        Optional<Taking> taking = take(guest.threadPolicy(), cell.dedicated().size(), withEmulator);
        if (taking.isEmpty() || !shareable(cell.shared())) {
            return Optional.empty();
        }
        Map<Integer, Integer> pins = new HashMap<>();
        int next = 0;
        for (int vcpu : cell.dedicated()) {
            pins.put(vcpu, taking.get().vcpus.get(next++));
        }
        return Optional.of(new Found(
                new CellPlacement(host.id(), pins, taking.get().taken, cell.shared(), cell.memory(), page.getAsInt()),
                taking.get().emulator));
    }

    /** The shared CPUs are enough, and the guest does not over-commit against itself. */
    private boolean shareable(int vcpus) {
        int pool = host.cpus() - host.dedicatedCpus().size();
        return vcpus == 0 || (vcpus <= pool && used.sharedVcpus() + vcpus <= Math.floor(pool * cpuRatio));
    }

    /** {@return the size of the huge pages in KiB, 0 for ordinary pages, nothing if the memory does not fit} */
    private OptionalInt page(GuestTopology guest, MemorySize memory) {
        PageSize asked = guest.pageSize();
        return switch (asked.kind()) {
            case UNSPECIFIED -> ordinary(memory, guest.cpuPolicy() == CpuPolicy.SHARED ? ramRatio : 1.0);
            case SMALL -> small(memory);
            case LARGE -> large(memory);
            case ANY -> {
                OptionalInt large = large(memory);
                yield large.isPresent() ? large : small(memory);
            }
            case EXACT -> {
                if (asked.kib() == host.smallPageKib()) {
                    yield small(memory);
                }
                yield huge(asked.kib(), memory) ? OptionalInt.of(asked.kib()) : OptionalInt.empty();
            }
        };
    }

    private OptionalInt ordinary(MemorySize memory, double ratio) {
        boolean fits = memory.compareTo(host.memory()) <= 0
                && used.memory().bytes() + memory.bytes()
                        <= Math.floor(host.memory().bytes() * ratio);
        return fits ? OptionalInt.of(0) : OptionalInt.empty();
    }

    private OptionalInt small(MemorySize memory) {
        return memory.bytes() % (host.smallPageKib() * 1024L) == 0 ? ordinary(memory, 1.0) : OptionalInt.empty();
    }

    private OptionalInt large(MemorySize memory) {
        return host.hugePages().keySet().stream()
                .sorted(Comparator.reverseOrder())
                .filter(size -> huge(size, memory))
                .mapToInt(Integer::intValue)
                .findFirst();
    }

    private boolean huge(int size, MemorySize memory) {
        long bytes = size * 1024L;
        long free = host.hugePages().getOrDefault(size, 0L) - used.hugePages().getOrDefault(size, 0L);
        return memory.bytes() % bytes == 0 && memory.bytes() / bytes <= free;
    }

    /** CPUs for vCPUs and emulator, and all that no other guest is given because of them. */
    private record Taking(List<Integer> vcpus, Optional<Integer> emulator, Set<Integer> taken) {}

    private Optional<Taking> take(CpuThreadPolicy policy, int count, boolean withEmulator) {
        List<NavigableSet<Integer>> free = new ArrayList<>();
        for (Set<Integer> core : host.cores()) {
            NavigableSet<Integer> rest = new TreeSet<>(core);
            rest.retainAll(host.dedicatedCpus());
            rest.removeAll(used.taken());
            boolean whole = rest.size() == core.size();
            if (!rest.isEmpty() && (whole || policy != CpuThreadPolicy.ISOLATE)) {
                free.add(rest);
            }
        }
        // The order is that of the first CPU, whatever that of the host's cores is.
        free.sort(Comparator.comparing(NavigableSet::first));
        return policy == CpuThreadPolicy.ISOLATE
                ? isolated(free, count, withEmulator)
                : packed(free, policy == CpuThreadPolicy.REQUIRE ? 2 : 1, count, withEmulator);
    }

    /** The smallest cores, since their idle threads are lost to the others. */
    private static Optional<Taking> isolated(List<NavigableSet<Integer>> free, int count, boolean withEmulator) {
        int cores = count + (withEmulator ? 1 : 0);
        if (cores > free.size()) {
            return Optional.empty();
        }
        free.sort(Comparator.comparingInt(NavigableSet::size));
        Set<Integer> taken = new HashSet<>();
        free.subList(0, cores).forEach(taken::addAll);
        List<Integer> vcpus =
                free.subList(0, count).stream().map(NavigableSet::first).toList();
        return Optional.of(
                new Taking(vcpus, withEmulator ? Optional.of(free.get(count).first()) : Optional.empty(), taken));
    }

    /** Whole cores as long as they are needed wholly, then the smallest that suffices for the rest. */
    private static Optional<Taking> packed(
            List<NavigableSet<Integer>> free, int leastFree, int count, boolean withEmulator) {
        List<NavigableSet<Integer>> cores = new ArrayList<>(
                free.stream().filter(core -> core.size() >= leastFree).toList());
        List<Integer> vcpus = new ArrayList<>();
        while (vcpus.size() < count) {
            int rest = count - vcpus.size();
            Optional<NavigableSet<Integer>> core = cores.stream()
                    .filter(one -> one.size() >= rest)
                    .min(Comparator.comparingInt(NavigableSet::size))
                    .or(() -> cores.stream().max(Comparator.comparingInt(NavigableSet::size)));
            if (core.isEmpty()) {
                return Optional.empty();
            }
            core.get().stream().limit(rest).forEach(vcpus::add);
            cores.remove(core.get());
        }
        Set<Integer> taken = new HashSet<>(vcpus);
        if (!withEmulator) {
            return Optional.of(new Taking(vcpus, Optional.empty(), taken));
        }
        Optional<Integer> emulator = free.stream()
                .map(core -> core.stream().filter(cpu -> !taken.contains(cpu)).toList())
                .filter(core -> !core.isEmpty())
                .min(Comparator.comparingInt(List::size))
                .map(core -> core.get(0));
        emulator.ifPresent(taken::add);
        return emulator.map(cpu -> new Taking(vcpus, Optional.of(cpu), taken));
    }
}
