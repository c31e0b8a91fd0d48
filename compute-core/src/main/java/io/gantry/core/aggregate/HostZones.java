package io.gantry.core.aggregate;

import io.gantry.core.identity.AccessControl;
import io.gantry.core.state.AggregateRow;
import io.gantry.core.state.ProviderRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.error.NotFound;
import io.gantry.host.Aggregate;
import io.gantry.host.HostId;
import io.gantry.host.ZoneName;
import io.gantry.placement.Verdict;
import io.gantry.spi.store.Transaction;
import java.util.Collection;
import java.util.Optional;

/** Which zone each host is in, read in the transaction of whatever depends on it. */
public final class HostZones {
    private final State state;
    private final String defaultZone;

    /**
     * Creates access to the zones.
     *
     * @param defaultZone the zone of hosts that no aggregate puts in one
     */
    public HostZones(State state, String defaultZone) {
        this.state = state;
        this.defaultZone = defaultZone;
    }

    /** {@return the zone of hosts that no aggregate puts in one} */
    public String defaultZone() {
        return defaultZone;
    }

    /** {@return all aggregates at one moment, for many hosts} */
    public AggregateMap at(Transaction tx) {
        return new AggregateMap(
                state.aggregates().all(tx).stream().map(Table.Entry::value).toList(), defaultZone);
    }

    /** {@return aggregates that are known, for many hosts} */
    public AggregateMap over(Collection<AggregateRow> aggregates) {
        return new AggregateMap(aggregates, defaultZone);
    }

    /** {@return the aggregates of one host at one moment} */
    public AggregateMap of(Transaction tx, ProviderRow root) {
        return new AggregateMap(
                root.aggregates().stream()
                        .flatMap(name -> state.aggregates().get(tx, name).stream())
                        .map(Table.Entry::value)
                        .toList(),
                defaultZone);
    }

    /** {@return the zone of a host; the default zone for one that is not registered any more} */
    public String zone(Transaction tx, HostId host) {
        return state.providers()
                .get(tx, host.value())
                .map(Table.Entry::value)
                .map(root -> of(tx, root).zone(root))
                .orElse(defaultZone);
    }

    /** {@return why a host is no place for an instance that asked for a zone; empty if it is one} */
    public Optional<Verdict> refusal(Transaction tx, Optional<String> requested, HostId host) {
        return requested.flatMap(zone -> {
            String has = zone(tx, host);
            return zone.equals(has)
                    ? Optional.empty()
                    : Optional.of(Verdict.reject("OTHER_ZONE", "zone " + zone, "zone " + has));
        });
    }

    /**
     * Checks that an instance can ask for a zone.
     *
     * @throws NotFound if there is no such zone
     */
    public void require(Transaction tx, String zone) {
        AggregateMap aggregates = at(tx);
        boolean known =
                aggregates.zones().contains(zone) || (zone.equals(defaultZone) && isDefaultInUse(tx, aggregates));
        if (!known) {
            throw AccessControl.unknown(ZoneName.ref(zone));
        }
    }

    private boolean isDefaultInUse(Transaction tx, AggregateMap aggregates) {
        return state.providers().all(tx).stream()
                .map(Table.Entry::value)
                .anyMatch(row -> row.host() && aggregates.zone(row).equals(defaultZone));
    }

    /** {@return an aggregate that a member names} */
    Table.Entry<AggregateRow> aggregate(Transaction tx, String name) {
        return state.aggregates().get(tx, name).orElseThrow(() -> AccessControl.unknown(Aggregate.ref(name)));
    }
}
