package io.gantry.core.placement;

import io.gantry.core.state.HostRow;
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
import java.util.HashMap;
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
                                inventories(inventory, ratios),
                                Map.of(),
                                0));
    }

    private static Map<String, Inventory> inventories(HostInventory inventory, AllocationRatios ratios) {
        Map<String, Inventory> inventories = new HashMap<>();
        inventories.put(Amounts.VCPU, Inventory.of(shared(inventory)).withAllocationRatio(ratios.vcpus()));
        inventories.put(Amounts.MEMORY_MB, Inventory.of(memory(inventory)).withAllocationRatio(ratios.memory()));
        inventories.put(Amounts.DISK_MB, Inventory.of(disk(inventory)).withAllocationRatio(ratios.disk()));
        if (dedicated(inventory) > 0) {
            inventories.put(Amounts.PCPU, Inventory.of(dedicated(inventory)));
        }
        return inventories;
    }

    /** {@return whether an update would change nothing} */
    boolean isCurrent(Transaction tx, HostId host, HostInventory inventory) {
        Optional<Table.Entry<HostRow>> before = state.hosts().get(tx, host.value());
        if (before.isEmpty()) {
            return true;
        }
        HostRow row = before.get().value().withInventory(inventory);
        return row.equals(before.get().value())
                && state.providers()
                        .get(tx, host.value())
                        .filter(entry -> !withTotals(entry.value(), row).equals(entry.value()))
                        .isEmpty();
    }

    boolean update(Transaction tx, HostId host, HostInventory inventory) {
        Optional<Table.Entry<HostRow>> before = state.hosts().get(tx, host.value());
        if (before.isEmpty()) {
            return false;
        }
        HostRow row = before.get().value().withInventory(inventory);
        boolean hostChanged = !row.equals(before.get().value());
        if (hostChanged) {
            state.hosts().update(tx, before.get(), row);
        }
        boolean providerChanged = state.providers()
                .get(tx, host.value())
                .map(entry -> update(tx, entry, withTotals(entry.value(), row)))
                .orElse(false);
        return hostChanged || providerChanged;
    }

    private boolean update(Transaction tx, Table.Entry<ProviderRow> entry, ProviderRow row) {
        if (row.equals(entry.value())) {
            return false;
        }
        state.providers().update(tx, entry, row);
        return true;
    }

    private static ProviderRow withTotals(ProviderRow row, HostRow host) {
        HostInventory inventory = host.inventory();
        ProviderRow totals = withTotal(row, Amounts.VCPU, shared(inventory));
        if (!host.dedicatedCpus().isEmpty()) {
            totals = withTotal(totals, Amounts.PCPU, dedicated(inventory));
        }
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

    /** A host may have lost CPUs of one kind more than it says it lost in all; nothing has less than none. */
    private static long shared(HostInventory inventory) {
        return Math.max(0, inventory.vcpus() - dedicated(inventory));
    }

    private static long dedicated(HostInventory inventory) {
        return inventory.topology().dedicatedCpus().size();
    }

    private static long memory(HostInventory inventory) {
        return inventory.memory().bytes() / MIB;
    }

    private static long disk(HostInventory inventory) {
        return inventory.disk().bytes() / MIB;
    }
}
