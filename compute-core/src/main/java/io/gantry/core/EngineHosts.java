package io.gantry.core;

import io.gantry.core.host.HostRegistry;
import io.gantry.core.identity.AccessControl;
import io.gantry.core.operation.Lanes;
import io.gantry.core.placement.Ledger;
import io.gantry.core.state.HostRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.error.Conflict;
import io.gantry.error.InvalidRequest;
import io.gantry.host.Host;
import io.gantry.host.HostId;
import io.gantry.host.HostInventory;
import io.gantry.host.HostSpec;
import io.gantry.host.Hosts;
import io.gantry.spi.driver.GuestDisks;
import io.gantry.spi.store.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The hosts of an engine. */
final class EngineHosts implements Hosts {
    private final State state;
    private final Ledger ledger;
    private final HostRegistry registry;
    private final HostRegistry.Observer observer;
    private final Lanes lanes;

    EngineHosts(State state, Ledger ledger, HostRegistry registry, HostRegistry.Observer observer, Lanes lanes) {
        this.state = state;
        this.ledger = ledger;
        this.registry = registry;
        this.observer = observer;
        this.lanes = lanes;
    }

    @Override
    public Host register(HostSpec spec) {
        state.change(tx -> requireNew(tx, spec.id()));
        HostRegistry.Candidate candidate = registry.connect(spec, observer);
        try {
            HostInventory read = candidate.connection().inventory();
            HostInventory inventory = read.withTopology(read.topology().withDedicated(spec.dedicatedCpus()));
            HostRow row = new HostRow(
                    spec.id(),
                    spec.driver(),
                    spec.connection(),
                    spec.properties(),
                    Optional.empty(),
                    inventory,
                    spec.ratios(),
                    candidate.connection().disks().map(GuestDisks::storageId),
                    spec.dedicatedCpus());
            state.change(tx -> {
                requireNew(tx, spec.id());
                state.hosts().insert(tx, row);
                ledger.registerHost(tx, spec.id(), inventory, spec.ratios());
            });
            candidate.register();
            return get(spec.id());
        } catch (RuntimeException e) {
            candidate.discard();
            throw e;
        }
    }

    private void requireNew(Transaction tx, HostId id) {
        if (state.hosts().get(tx, id.value()).isPresent()) {
            throw new Conflict(
                    id.ref(), "Host " + id + " is registered already", "Choose another id, or unregister it");
        }
    }

    @Override
    public Host get(HostId id) {
        return state.read(tx -> host(tx, entry(tx, id).value()));
    }

    @Override
    public List<Host> list() {
        return state.read(tx -> ledger.hosts(tx, registry::state));
    }

    @Override
    public Host enable(HostId id) {
        return change(id, row -> row.withDisabledReason(Optional.empty()));
    }

    @Override
    public Host disable(HostId id, String reason) {
        if (reason.isBlank()) {
            throw new InvalidRequest(
                    "host.disabledReason", reason, "is blank", "Say why, for whoever reads the reports");
        }
        return change(id, row -> row.withDisabledReason(Optional.of(reason)));
    }

    private Host change(HostId id, UnaryOperator<HostRow> change) {
        return state.transact(tx -> {
            Table.Entry<HostRow> entry = entry(tx, id);
            return host(
                    tx,
                    state.hosts().update(tx, entry, change.apply(entry.value())).value());
        });
    }

    @Override
    public void unregister(HostId id) {
        state.change(tx -> {
            Table.Entry<HostRow> entry = entry(tx, id);
            ledger.removeHost(tx, id);
            state.hosts().delete(tx, entry);
        });
        registry.remove(id);
        lanes.remove(id);
    }

    private Table.Entry<HostRow> entry(Transaction tx, HostId id) {
        return state.hosts().get(tx, id.value()).orElseThrow(() -> AccessControl.unknown(id.ref()));
    }

    private Host host(Transaction tx, HostRow row) {
        return ledger.host(tx, row, registry.state(row.id()));
    }
}
