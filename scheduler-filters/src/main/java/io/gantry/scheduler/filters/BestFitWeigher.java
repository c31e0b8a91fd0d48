package io.gantry.scheduler.filters;

import io.gantry.spi.scheduler.ColumnWeigher;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import java.util.Optional;

/**
 * Prefers hosts that the instance fills the most and the most evenly: packs, so that large instances find room later. Measures
 * the shares of the host's vCPUs, memory and disk that would be left free: 0 less their sum, less three times the difference
 * between the greatest and the least of them, since a rest of one thing without the others is of use to nobody. The
 * greatest value is that of the best fit. Aggregates may set another multiplier for their hosts with
 * {@code best_fit_weight_multiplier}.
 *
 * <p>The best-fit rule of bin packing for several resources (compare Panigrahy, Talwar, Uyeda and Wieder, "Heuristics for
 * Vector Bin Packing", 2011); that unevenness counts three times was found by filling fleets with {@code ./measure packing}'s
 * traces, with other seeds than its own.
 */
public final class BestFitWeigher implements HostWeigher {
    private static final double UNEVENNESS = 3;

    /** Creates the weigher. */
    public BestFitWeigher() {}

    @Override
    public double weigh(PlacementRequest request, HostView host) {
        return rest(
                left(host.freeVcpus(), request.vcpus(), host.inventory().vcpus()),
                left(
                        host.freeMemory(),
                        request.flavor().memory().bytes(),
                        host.inventory().memory().bytes()),
                left(
                        host.freeDisk(),
                        request.rootDisk().bytes(),
                        host.inventory().disk().bytes()));
    }

    @Override
    public Optional<ColumnWeigher> columns(PlacementRequest request) {
        long vcpus = request.vcpus();
        long memory = request.flavor().memory().bytes();
        long disk = request.rootDisk().bytes();
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
                "inventory, ratio and usage");
    }
}
