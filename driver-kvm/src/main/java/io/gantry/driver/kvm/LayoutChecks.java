package io.gantry.driver.kvm;

import io.gantry.driver.libvirt.topology.CpuSet;
import io.gantry.error.InvalidRequest;
import io.gantry.flavor.Flavor;
import io.gantry.topology.GuestLayout;
import io.gantry.topology.HostCell;
import io.gantry.topology.HostTopology;
import io.gantry.topology.PciDevice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/** Refuses layouts that a host could not give a guest, or that libvirt would change without a word. Pure. */
final class LayoutChecks {
    private final String host;
    private final HostTopology topology;

    /** @param topology the host as it is now */
    LayoutChecks(String host, HostTopology topology) {
        this.host = host;
        this.topology = topology;
    }

    /** @throws InvalidRequest if the layout contradicts itself or the host, or is not that of a guest of this size */
    void require(GuestLayout layout, Flavor flavor) {
        requireConsistent(layout);
        if (!layout.cells().isEmpty()) {
            Set<Integer> vcpus = vcpus(layout);
            if (vcpus.size() != flavor.vcpus() || !vcpus.stream().allMatch(vcpu -> vcpu < flavor.vcpus())) {
                throw refused(
                        "layout.cells",
                        vcpus,
                        "are not the guest's " + flavor.vcpus() + " vCPUs",
                        "Put each vCPU, from 0 on, into one cell.");
            }
            long bytes = layout.cells().stream()
                    .mapToLong(cell -> cell.memory().bytes())
                    .sum();
            if (bytes != flavor.memory().bytes()) {
                throw refused(
                        "layout.cells",
                        bytes + " bytes",
                        "is not the guest's memory, " + flavor.memory(),
                        "Divide the guest's memory wholly.");
            }
        }
        requireFits(layout);
    }

    /** @throws InvalidRequest if the layout contradicts itself or the host */
    void requirePossible(GuestLayout layout) {
        requireConsistent(layout);
        requireFits(layout);
    }

    private static void requireConsistent(GuestLayout layout) {
        Set<Integer> vcpus = vcpus(layout);
        layout.vcpuCpus().forEach((vcpu, cpus) -> {
            if (!vcpus.contains(vcpu) || cpus.isEmpty()) {
                throw refused(
                        "layout.vcpuCpus",
                        vcpu + " on " + cpus,
                        cpus.isEmpty() ? "has no CPU to run on" : "is a vCPU of no cell",
                        "Give each vCPU of the cells CPUs of the host's, and no others.");
            }
        });
        Set<Integer> others = new TreeSet<>(layout.realtime());
        others.removeAll(layout.vcpuCpus().keySet());
        if (!others.isEmpty()) {
            throw refused(
                    "layout.realtime",
                    others,
                    "are vCPUs without CPUs of their own",
                    "Give vCPUs that run in real time CPUs of the host's.");
        }
        if (new HashSet<>(layout.devices()).size() < layout.devices().size()) {
            throw refused("layout.devices", layout.devices(), "has a device twice", "Name each device once.");
        }
    }

    private static Set<Integer> vcpus(GuestLayout layout) {
        Set<Integer> all = new TreeSet<>();
        for (GuestLayout.Cell cell : layout.cells()) {
            for (int vcpu : cell.vcpus()) {
                if (!all.add(vcpu)) {
                    throw refused("layout.cells", vcpu, "is in two cells", "Put each vCPU into one cell.");
                }
            }
        }
        return all;
    }

    private void requireFits(GuestLayout layout) {
        for (GuestLayout.Cell cell : layout.cells()) {
            HostCell on = topology.cells().stream()
                    .filter(one -> one.id() == cell.hostCell())
                    .findFirst()
                    .orElseThrow(() -> refused(
                            "layout.cells",
                            cell.hostCell(),
                            "is no NUMA cell with CPUs of host " + host,
                            "Use one of " + ids()));
            if (cell.pageKib() != 0 && !on.hugePages().containsKey(cell.pageKib())) {
                throw refused(
                        "layout.cells",
                        cell.pageKib() + " KiB",
                        "is no size of huge pages on cell " + on.id() + " of host " + host,
                        "Use 0 for ordinary pages, or one of "
                                + new TreeSet<>(on.hugePages().keySet()));
            }
            if (cell.memory().bytes() % (1024L * Math.max(1, cell.pageKib())) != 0) {
                throw refused(
                        "layout.cells",
                        cell.memory(),
                        "is not a whole number of pages",
                        "Use memory that its page size divides.");
            }
        }
        requireCpus("layout.cpus", layout.cpus());
        layout.vcpuCpus().values().forEach(cpus -> requireCpus("layout.vcpuCpus", cpus));
        for (String address : layout.devices()) {
            if (topology.devices().stream().map(PciDevice::address).noneMatch(address::equals)) {
                throw refused(
                        "layout.devices",
                        address,
                        "is no PCI device that host " + host + " gives away",
                        "Name it, or its kind, in the host's property " + HostProperties.PCI_DEVICES
                                + ", or choose another device.");
            }
        }
    }

    private void requireCpus(String field, Collection<Integer> cpus) {
        NavigableSet<Integer> unknown = new TreeSet<>(cpus);
        NavigableSet<Integer> known = new TreeSet<>();
        topology.cells().forEach(cell -> cell.cores().forEach(known::addAll));
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw refused(
                    field,
                    CpuSet.text(unknown),
                    "are no CPUs that host " + host + " has online",
                    known.isEmpty()
                            ? "Use none: the host does not tell its CPUs."
                            : "Use some of " + CpuSet.text(known));
        }
    }

    private List<Integer> ids() {
        List<Integer> ids = new ArrayList<>();
        topology.cells().forEach(cell -> ids.add(cell.id()));
        return ids;
    }

    private static InvalidRequest refused(String field, Object value, String problem, String remedy) {
        return new InvalidRequest(field, value, problem, remedy);
    }
}
