package io.gantry.core.aggregate;

import io.gantry.core.state.HostRow;
import io.gantry.core.state.ProviderRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.host.HostId;
import io.gantry.host.HostState;
import io.gantry.host.Zone;
import io.gantry.host.Zones;
import io.gantry.spi.store.Transaction;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The zones of an engine. */
public final class ZoneList implements Zones {
    private final State state;
    private final HostZones zones;
    private final Function<HostId, HostState> states;

    /**
     * Creates access to the zones of a state.
     *
     * @param states whether each host can be reached
     */
    public ZoneList(State state, HostZones zones, Function<HostId, HostState> states) {
        this.state = state;
        this.zones = zones;
        this.states = states;
    }

    @Override
    public String defaultZone() {
        return zones.defaultZone();
    }

    @Override
    public List<Zone> list() {
        return state.read(tx -> {
            AggregateMap aggregates = zones.at(tx);
            List<ProviderRow> roots = state.providers().all(tx).stream()
                    .map(Table.Entry::value)
                    .filter(ProviderRow::host)
                    .toList();
            Set<HostId> open = open(tx);
            return zones.names(tx).stream()
                    .map(name -> zone(
                            name,
                            roots.stream()
                                    .filter(root -> aggregates.zone(root).equals(name))
                                    .map(root -> HostId.of(root.id()))
                                    .sorted()
                                    .toList(),
                            open))
                    .toList();
        });
    }

    private Set<HostId> open(Transaction tx) {
        return state.hosts().all(tx).stream()
                .map(Table.Entry::value)
                .filter(row -> row.disabledReason().isEmpty() && states.apply(row.id()) == HostState.UP)
                .map(HostRow::id)
                .collect(Collectors.toSet());
    }

    private static Zone zone(String name, List<HostId> hosts, Set<HostId> open) {
        return new Zone(name, hosts.stream().anyMatch(open::contains), hosts);
    }
}
