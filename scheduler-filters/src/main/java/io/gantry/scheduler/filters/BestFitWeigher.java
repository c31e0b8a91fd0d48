package io.gantry.scheduler.filters;

import io.gantry.spi.scheduler.ColumnWeigher;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import io.gantry.topology.CellPlacement;
import io.gantry.topology.GuestPlacement;
import io.gantry.topology.HostCell;
import io.gantry.topology.TopologyUse;
import java.util.Optional;

/**
 * Prefers hosts that the instance fills the most and the most evenly: packs, so that large instances find room later. Measures
 * the shares of the host's vCPUs, memory and disk that would be left free: 0 less their sum, less three times the difference
 * between the greatest and the least of them, since a rest of one thing without the others is of use to nobody. The
 * greatest value is that of the best fit. For a guest with NUMA cells it is the cells that it would be on that count, by CPUs
 * and memory alone. Aggregates may set another multiplier for their hosts with
 * {@code best_fit_weight_multiplier}.
 *
 * <p>The best-fit rule of bin packing for several resources (compare Panigrahy, Talwar, Uyeda and Wieder, "Heuristics for
 * Vector Bin Packing", 2011); that unevenness counts three times was found by filling fleets with {@code ./measure packing}'s
 * traces, with other seeds than its own.
 */
public final class BestFitWeigher implements HostWeigher {
    private static final double UNEVENNESS = 3;

    /** Less than anything that fits. */
    private static final double NOWHERE = -1_000;

    /** Creates the weigher. */
    public BestFitWeigher() {}

    @Override
    public double weigh(PlacementRequest request, HostView host) {
        if (request.topology().isPresent()) {
            return request.topologyNeed()
                    .place(host.inventory().topology(), host.topologyUse(), host.ratios())
                    .map(place -> onCells(host, place))
                    .orElse(NOWHERE);
        }
        return rest(
                left(host.freeVcpus(), request.vcpus(), host.inventory().vcpus()),
                left(
                        host.freeMemory(),
                        request.memory().bytes(),
                        host.inventory().memory().bytes()),
                left(
                        host.freeDisk(),
                        request.localDisk().bytes(),
                        host.inventory().disk().bytes()));
    }

    /** For a guest with cells, those of the host that it would be on count: what is left elsewhere is no less useful. */
    private static double onCells(HostView host, GuestPlacement place) {
        double sum = 0;
        for (CellPlacement given : place.cells()) {
            for (HostCell cell : host.inventory().topology().cells()) {
                if (cell.id() == given.hostCell()) {
                    sum += leftOn(cell, host.topologyUse().cell(cell.id()), given);
                }
            }
        }
        return -sum / place.cells().size();
    }

    /** {@return the shares of CPUs, dedicated or shared, and of memory that would be left free on a cell} */
    private static double leftOn(HostCell cell, TopologyUse.Cell used, CellPlacement given) {
        int dedicated = cell.dedicatedCpus().size();
        int shared = cell.cpus() - dedicated;
        double cpus = given.taken().isEmpty()
                ? left(shared - used.sharedVcpus(), given.sharedVcpus(), shared)
                : left(dedicated - used.taken().size(), given.taken().size(), dedicated);
        return cpus
                + left(
                        cell.memory().bytes() - used.memory().bytes(),
                        given.pageKib() == 0 ? given.memory().bytes() : 0,
                        cell.memory().bytes());
    }

    @Override
    public Optional<ColumnWeigher> columns(PlacementRequest request) {
        if (request.topology().isPresent()) {
            return Optional.empty();
        }
        long vcpus = request.vcpus();
        long memory = request.memory().bytes();
        long disk = request.localDisk().bytes();
        return Optional.of((hosts, rows, count, raw) -> {
            for (int i = 0; i < count; i++) {
                int row = rows[i];
                raw[i] = rest(
                        left(hosts.freeVcpus(row), vcpus, hosts.vcpus(row)),
                        left(hosts.freeMemory(row), memory, hosts.memory(row)),
                        left(hosts.freeDisk(row), disk, hosts.disk(row)));
            }
        });
    }

    private static double rest(double vcpus, double memory, double disk) {
        double most = Math.max(vcpus, Math.max(memory, disk));
        double least = Math.min(vcpus, Math.min(memory, disk));
        return -(vcpus + memory + disk) - UNEVENNESS * (most - least);
    }

    /** {@return which share of what a host has would be left free; 0 if it has nothing} */
    private static double left(long free, long needed, long has) {
        return has == 0 ? 0 : ((double) free - needed) / has;
    }

    @Override
    public Optional<String> multiplierKey() {
        return Optional.of("best_fit_weight_multiplier");
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                "0 less the shares of vCPUs, memory and disk that would be left free, and less three times their spread",
                "the flavor and the root disk",
                "inventory, topology, ratio and usage");
    }
}
