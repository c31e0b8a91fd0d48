package io.gantry.driver.sim;

import io.gantry.error.HypervisorError;
import io.gantry.instance.InstanceId;
import io.gantry.topology.GuestLayout;
import io.gantry.topology.HostCell;
import io.gantry.topology.HostTopology;
import io.gantry.topology.PciDevice;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which CPUs, huge pages and devices of a host its guests have, those that are to come included. Refuses what nobody can
 * give: a hypervisor would run such guests, slowly, so that a doubled claim would show to nobody. A vCPU that may run on one
 * CPU only is taken to have it for itself.
 */
final class Occupancy {
    private final String host;
    private final Map<InstanceId, GuestLayout> layouts = new HashMap<>();
    private HostTopology topology;
    private int refusals;

    Occupancy(String host, HostTopology topology) {
        this.host = host;
        this.topology = topology;
    }

    synchronized HostTopology topology() {
        return topology;
    }

    /** What guests have that are there stays theirs. */
    synchronized void topology(HostTopology other) {
        topology = other;
    }

    synchronized Map<InstanceId, GuestLayout> layouts() {
        return Map.copyOf(layouts);
    }

    /** {@return how often something was refused} */
    synchronized int refusals() {
        return refusals;
    }

    /** Gives a guest what it asks for, in the place of what it has. */
    synchronized void take(InstanceId guest, GuestLayout layout) {
        Map<InstanceId, GuestLayout> others = new HashMap<>(layouts);
        others.remove(guest);
        Optional<String> problem = problem(layout, others.values());
        if (problem.isPresent()) {
            refusals++;
            throw new HypervisorError(host, 0, 0, "guest " + guest + " " + problem.get(), null);
        }
        layouts.put(guest, layout);
    }

    /** {@return what a guest is to have that the host does not have at all, in use or not; empty if it has everything} */
    synchronized Optional<String> missing(GuestLayout layout) {
        return problem(layout, List.of());
    }

    synchronized void drop(InstanceId guest) {
        layouts.remove(guest);
    }

    private Optional<String> problem(GuestLayout layout, Collection<GuestLayout> others) {
        return cpus(layout, others).or(() -> devices(layout, others)).or(() -> pages(layout, others));
    }

    private Optional<String> cpus(GuestLayout layout, Collection<GuestLayout> others) {
        Set<Integer> reach = reach(layout);
        Set<Integer> unknown = new TreeSet<>(reach);
        topology.cells().forEach(cell -> cell.cores().forEach(unknown::removeAll));
        if (!unknown.isEmpty()) {
            return Optional.of("is to run on CPUs " + unknown + ", which are not there");
        }
        Set<Integer> pins = pins(layout);
        for (GuestLayout other : others) {
            Set<Integer> both = new TreeSet<>(reach(other));
            both.retainAll(pins);
            Set<Integer> theirs = new TreeSet<>(pins(other));
            theirs.retainAll(reach);
            both.addAll(theirs);
            if (!both.isEmpty()) {
                return Optional.of(
                        "is to run on CPUs " + both + " with another guest, and one of both is pinned there");
            }
        }
        return Optional.empty();
    }

    private static Set<Integer> reach(GuestLayout layout) {
        Set<Integer> reach = new HashSet<>(layout.cpus());
        layout.vcpuCpus().values().forEach(reach::addAll);
        return reach;
    }

    private static Set<Integer> pins(GuestLayout layout) {
        return layout.vcpuCpus().values().stream()
                .filter(on -> on.size() == 1)
                .map(NavigableSet::first)
                .collect(Collectors.toSet());
    }

    private Optional<String> devices(GuestLayout layout, Collection<GuestLayout> others) {
        Map<String, PciDevice> known =
                topology.devices().stream().collect(Collectors.toMap(PciDevice::address, Function.identity()));
        Set<String> taken = new HashSet<>();
        others.forEach(other -> taken.addAll(other.devices()));
        for (String address : layout.devices()) {
            PciDevice device = known.get(address);
            if (device == null) {
                return Optional.of("is to have device " + address + ", which is not there");
            }
            boolean isInUse = device.physicalFunction().filter(taken::contains).isPresent()
                    || known.values().stream()
                            .filter(other -> other.physicalFunction().equals(Optional.of(address)))
                            .anyMatch(other -> taken.contains(other.address()));
            if (!taken.add(address) || isInUse) {
                return Optional.of("is to have device " + address + ", which is in use");
            }
        }
        return Optional.empty();
    }

    private Optional<String> pages(GuestLayout layout, Collection<GuestLayout> others) {
        for (HostCell cell : topology.cells()) {
            for (Map.Entry<Integer, Long> pages : cell.hugePages().entrySet()) {
                long used = used(layout, cell.id(), pages.getKey());
                long all = used;
                for (GuestLayout other : others) {
                    all += used(other, cell.id(), pages.getKey());
                }
                if (used > 0 && all > pages.getValue()) {
                    return Optional.of("is to have " + used + " pages of " + pages.getKey() + " KiB on cell "
                            + cell.id() + ", where " + (pages.getValue() - all + used) + " are free");
                }
            }
        }
        boolean isUnknown = layout.cells().stream()
                .anyMatch(asked -> topology.cells().stream()
                        .noneMatch(cell -> cell.id() == asked.hostCell()
                                && (asked.pageKib() == 0 || cell.hugePages().containsKey(asked.pageKib()))));
        return isUnknown ? Optional.of("is to be on cells, or in pages, that are not there") : Optional.empty();
    }

    private static long used(GuestLayout layout, int cell, int pageKib) {
        return layout.cells().stream()
                .filter(one -> one.hostCell() == cell && one.pageKib() == pageKib)
                .mapToLong(one -> one.memory().bytes() / (pageKib * 1024L))
                .sum();
    }
}
