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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
            // Those of aggregates, and the default zone while a host is in it.
            Map<String, List<HostId>> hosts = new TreeMap<>();
            aggregates.zones().forEach(name -> hosts.put(name, new ArrayList<>()));
            state.providers().all(tx).stream()
                    .map(Table.Entry::value)
                    .filter(ProviderRow::host)
                    .forEach(root -> hosts.computeIfAbsent(aggregates.zone(root), name -> new ArrayList<>())
                            .add(HostId.of(root.id())));
            Set<HostId> open = open(tx);
            return hosts.entrySet().stream()
                    .map(zone -> zone(
                            zone.getKey(), zone.getValue().stream().sorted().toList(), open))
                    .toList();
        });
    }

    private Set<HostId> open(Transaction tx) {
        return state.hosts().readable(tx).stream()
                .filter(row -> row.disabledReason().isEmpty() && states.apply(row.id()) == HostState.UP)
                .map(HostRow::id)
                .collect(Collectors.toSet());
    }

    private static Zone zone(String name, List<HostId> hosts, Set<HostId> open) {
        return new Zone(name, hosts.stream().anyMatch(open::contains), hosts);
    }
}
