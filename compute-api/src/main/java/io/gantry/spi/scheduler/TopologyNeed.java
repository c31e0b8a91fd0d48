package io.gantry.spi.scheduler;

import io.gantry.host.AllocationRatios;
import io.gantry.placement.Shortage;
import io.gantry.placement.Verdict;
import io.gantry.topology.EmulatorThreadsPolicy;
import io.gantry.topology.GuestPlacement;
import io.gantry.topology.GuestTopology;
import io.gantry.topology.HostTopology;
import io.gantry.topology.PciRequest;
import io.gantry.topology.TopologyFit;
import io.gantry.topology.TopologyLack;
import io.gantry.topology.TopologyUse;
import java.util.List;
import java.util.Optional;

/**
 * The NUMA cells, CPUs of its own, pages and PCI devices that a guest needs. Filters and claims ask it the same question.
 *
 * @param guest the guest's topology, if it asks for one
 * @param devices the devices that it asks for
 */
public record TopologyNeed(Optional<GuestTopology> guest, List<PciRequest> devices) {
    /** Nothing is needed. */
    public static final TopologyNeed NONE = new TopologyNeed(Optional.empty(), List.of());

    /**
     * Copies the list.
     *
     * @param guest see the record
     * @param devices see the record
     */
    public TopologyNeed {
        devices = List.copyOf(devices);
    }

    /** {@return whether anything is needed} */
    public boolean isAny() {
        return guest.isPresent() || !devices.isEmpty();
    }

    /** {@return how many CPUs of the host it has for itself, that of the emulator's threads included} */
    public int dedicatedCpus() {
        if (guest.isEmpty()) {
            return 0;
        }
        int emulator = guest.get().emulatorThreads() == EmulatorThreadsPolicy.ISOLATE ? 1 : 0;
        return dedicatedVcpus() + emulator;
    }

    /** {@return how many of its vCPUs are dedicated} */
    public int dedicatedVcpus() {
        return guest.map(topology -> topology.cells().stream()
                        .mapToInt(cell -> cell.dedicated().size())
                        .sum())
                .orElse(0);
    }

    /**
     * {@return where on a host the guest can be; empty if it does not fit}
     *
     * @param host what the host has
     * @param used what guests have of it
     * @param ratios the host's over-commitment
     */
    public Optional<GuestPlacement> place(HostTopology host, TopologyUse used, AllocationRatios ratios) {
        return fit(host, used, ratios).place(guest, devices);
    }

    /**
     * {@return whether the guest fits onto a host, and if not, what is short}
     *
     * @param host what the host has
     * @param used what guests have of it
     * @param ratios the host's over-commitment
     */
    public Verdict judge(HostTopology host, TopologyUse used, AllocationRatios ratios) {
        if (!isAny()) {
            return Verdict.pass();
        }
        TopologyFit fit = fit(host, used, ratios);
        return fit.place(guest, devices).isPresent() ? Verdict.pass() : verdict(fit.lack(guest, devices));
    }

    private static TopologyFit fit(HostTopology host, TopologyUse used, AllocationRatios ratios) {
        return new TopologyFit(host, used, ratios.vcpus(), ratios.memory(), false);
    }

    private static Verdict verdict(TopologyLack lack) {
        return lack.missing() == 0
                ? Verdict.reject(lack.code(), lack.needed(), lack.free())
                : Verdict.lacking(
                        lack.code(),
                        lack.needed(),
                        lack.free(),
                        new Shortage(lack.resource(), lack.missing(), lack.missing() + lack.unit(), lack.freeable()));
    }
}
