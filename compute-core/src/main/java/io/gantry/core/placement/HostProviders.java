package io.gantry.core.placement;

import io.gantry.core.state.ProviderRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.error.Conflict;
import io.gantry.error.NotFound;
import io.gantry.host.AllocationRatios;
import io.gantry.host.HostId;
import io.gantry.host.HostInventory;
import io.gantry.placement.Inventory;
import io.gantry.placement.ProviderId;
import io.gantry.spi.store.Transaction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The providers that come and go with hosts. */
final class HostProviders {
    private static final long MIB = 1L << 20;

    private final State state;

    HostProviders(State state) {
        this.state = state;
    }

    void register(Transaction tx, HostId host, HostInventory inventory, AllocationRatios ratios) {
        if (state.providers().get(tx, host.value()).isPresent()) {
            throw new Conflict(
                    ProviderId.of(host).ref(),
                    "A resource provider is named " + host + " already",
                    "Choose another id for the host, or remove the provider");
        }
        state.providers()
                .insert(
                        tx,
                        new ProviderRow(
                                host.value(),
                                Optional.empty(),
                                host.value(),
                                true,
                                Set.of(),
                                Set.of(),
                                Map.of(
                                        Amounts.VCPU,
                                        Inventory.of(inventory.vcpus()).withAllocationRatio(ratios.vcpus()),
                                        Amounts.MEMORY_MB,
                                        Inventory.of(memory(inventory)).withAllocationRatio(ratios.memory()),
                                        Amounts.DISK_MB,
                                        Inventory.of(disk(inventory)).withAllocationRatio(ratios.disk())),
                                Map.of(),
                                0));
    }

    /** {@return whether an update would change nothing} */
    boolean isCurrent(Transaction tx, HostId host, HostInventory inventory) {
        return state.hosts()
                        .get(tx, host.value())
                        .filter(entry -> !entry.value().inventory().equals(inventory))
                        .isEmpty()
                && state.providers()
                        .get(tx, host.value())
                        .filter(entry -> !withTotals(entry.value(), inventory).equals(entry.value()))
                        .isEmpty();
    }

    boolean update(Transaction tx, HostId host, HostInventory inventory) {
        boolean hostChanged = state.hosts()
                .get(tx, host.value())
                .filter(entry -> !entry.value().inventory().equals(inventory))
                .map(entry -> state.hosts().update(tx, entry, entry.value().withInventory(inventory)))
                .isPresent();
        boolean providerChanged = state.providers()
                .get(tx, host.value())
                .map(entry -> withTotals(tx, entry, inventory))
                .orElse(false);
        return hostChanged || providerChanged;
    }

    private boolean withTotals(Transaction tx, Table.Entry<ProviderRow> entry, HostInventory inventory) {
        ProviderRow row = withTotals(entry.value(), inventory);
        if (row.equals(entry.value())) {
            return false;
        }
        state.providers().update(tx, entry, row);
        return true;
    }

    private static ProviderRow withTotals(ProviderRow row, HostInventory inventory) {
        ProviderRow totals = withTotal(row, Amounts.VCPU, inventory.vcpus());
        totals = withTotal(totals, Amounts.MEMORY_MB, memory(inventory));
        return withTotal(totals, Amounts.DISK_MB, disk(inventory));
    }

    private static ProviderRow withTotal(ProviderRow row, String resource, long total) {
        Inventory known = row.inventories().getOrDefault(resource, Inventory.of(total));
        return row.withInventory(resource, Optional.of(known.withTotal(total)));
    }

    void remove(Transaction tx, HostId host) {
        Table.Entry<ProviderRow> root = state.providers()
                .get(tx, host.value())
                .orElseThrow(() -> new NotFound(host.ref(), "List the hosts with compute.hosts().list()"));
        List<Table.Entry<ProviderRow>> tree = state.providers().find(tx, "root", host.value());
        if (root.value().claims() > 0
                || tree.stream().anyMatch(entry -> entry.value().claims() > 0)) {
            throw new Conflict(
                    host.ref(), "Instances or operations hold claims on host " + host, "Delete or migrate them first");
        }
        tree.forEach(entry -> state.providers().delete(tx, entry));
    }

    private static long memory(HostInventory inventory) {
        return inventory.memory().bytes() / MIB;
    }

    private static long disk(HostInventory inventory) {
        return inventory.disk().bytes() / MIB;
    }
}
