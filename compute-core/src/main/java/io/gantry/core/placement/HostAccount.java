package io.gantry.core.placement;

import io.gantry.core.aggregate.AggregateMap;
import io.gantry.core.state.HostRow;
import io.gantry.core.state.ProviderRow;
import io.gantry.host.AllocationRatios;
import io.gantry.host.Host;
import io.gantry.host.HostInventory;
import io.gantry.host.HostState;
import io.gantry.host.HostUsage;
import io.gantry.placement.Inventory;
import io.gantry.spi.scheduler.HostView;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.List;

/**
 * A host's room and its use, from the providers that serve it. Where a pool serves it, the numbers are the pool's, which
 * all hosts that share it fill together.
 */
final class HostAccount {
    private static final Inventory NOTHING = Inventory.of(0);

    private final ProviderRow root;
    private final List<ProviderRow> pools;

    HostAccount(ProviderRow root, List<ProviderRow> pools) {
        this.root = root;
        this.pools = pools;
    }

    Host toHost(HostRow row, HostState state) {
        return row.toHost(state, ratios(), usage());
    }

    /** {@return the host as filters see it; what is reserved is not in its inventory} */
    HostView.Builder toView(HostRow row, HostState state, AggregateMap aggregates, int ioOps) {
        HostInventory read = row.inventory();
        HostInventory usable = new HostInventory(
                read.hostname(),
                read.architecture(),
                read.hypervisorType(),
                read.hypervisorVersion(),
                (int) Math.min(Integer.MAX_VALUE, usable(Amounts.VCPU)),
                MemorySize.mib(usable(Amounts.MEMORY_MB)),
                DiskSize.mib(usable(Amounts.DISK_MB)),
                read.capabilities());
        return row.toView(state, usable, ratios(), usage(), aggregates.zone(root), aggregates.metadata(root))
                .traits(root.traits())
                .ioOps(ioOps);
    }

    private ProviderRow provider(String resource) {
        return pools.isEmpty() ? root : HostTree.roomiest(pools, resource).orElse(root);
    }

    private Inventory inventory(String resource) {
        return provider(resource).inventories().getOrDefault(resource, NOTHING);
    }

    private long usable(String resource) {
        Inventory inventory = inventory(resource);
        return Math.max(0, inventory.total() - inventory.reserved());
    }

    private AllocationRatios ratios() {
        return new AllocationRatios(
                inventory(Amounts.VCPU).allocationRatio(),
                inventory(Amounts.MEMORY_MB).allocationRatio(),
                inventory(Amounts.DISK_MB).allocationRatio());
    }

    private HostUsage usage() {
        return new HostUsage(
                root.claims(),
                Math.toIntExact(used(Amounts.VCPU)),
                MemorySize.mib(used(Amounts.MEMORY_MB)),
                DiskSize.mib(used(Amounts.DISK_MB)));
    }

    private long used(String resource) {
        return provider(resource).usedOf(resource);
    }
}
