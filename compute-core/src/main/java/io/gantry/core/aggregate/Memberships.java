package io.gantry.core.aggregate;

import io.gantry.core.state.InstanceRow;
import io.gantry.core.state.ProviderRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.error.Conflict;
import io.gantry.error.NotFound;
import io.gantry.host.HostId;
import io.gantry.spi.store.Transaction;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Changes who is in which aggregate, and with it hosts' zones: a host is in at most one, and does not leave the zone that
 * an instance on it asked for. Instances that asked for none are recorded in the host's new zone.
 */
public final class Memberships {
    private static final int NAMED = 5;

    private final State state;
    private final HostZones zones;
    private final Clock clock;

    /** Creates access to the memberships. */
    public Memberships(State state, HostZones zones, Clock clock) {
        this.state = state;
        this.zones = zones;
        this.clock = clock;
    }

    /**
     * Checks the aggregates that a part or a pool is to be in.
     *
     * @throws NotFound if one of them does not exist
     */
    public void require(Transaction tx, Set<String> names) {
        names.forEach(name -> zones.aggregate(tx, name));
    }

    /**
     * Makes a provider a member of exactly these aggregates; writes nothing if it is that already.
     *
     * @throws NotFound if it would become a member of one that does not exist
     * @throws Conflict if a rule on zones forbids it
     */
    public Table.Entry<ProviderRow> set(Transaction tx, Table.Entry<ProviderRow> entry, Set<String> names) {
        ProviderRow before = entry.value();
        if (before.aggregates().equals(names)) {
            return entry;
        }
        Set<String> added = new HashSet<>(names);
        added.removeAll(before.aggregates());
        require(tx, added);
        ProviderRow after = before.withAggregates(names);
        Table.Entry<ProviderRow> updated = state.providers().update(tx, entry, after);
        if (before.host()) {
            moved(tx, after, zones.of(tx, before).zone(before));
        }
        return updated;
    }

    /** {@return the members of an aggregate: hosts' own providers, parts and pools, by id} */
    List<Table.Entry<ProviderRow>> members(Transaction tx, String name) {
        return state.providers().all(tx).stream()
                .filter(entry -> entry.value().aggregates().contains(name))
                .toList();
    }

    /**
     * A host's zone may have become another one: checks the rules, and corrects what is recorded of instances there.
     *
     * @param host the host's own provider, as it is now
     * @param before the zone that it was in
     * @throws Conflict if a rule forbids it
     */
    void moved(Transaction tx, ProviderRow host, String before) {
        AggregateMap aggregates = zones.of(tx, host);
        HostId id = HostId.of(host.id());
        Set<String> all = aggregates.zones(host);
        if (all.size() > 1) {
            throw new Conflict(
                    id.ref(),
                    "Host " + id + " would be in zones " + String.join(" and ", all),
                    "Take it out of the aggregate that makes the other zone first");
        }
        String after = aggregates.zone(host);
        if (!after.equals(before)) {
            requireNobodyBound(tx, id, before);
            record(tx, id, after);
        }
    }

    private void requireNobodyBound(Transaction tx, HostId host, String zone) {
        List<String> bound = state.instances().find(tx, InstanceRow.REQUESTED_ZONE, zone).stream()
                .map(Table.Entry::value)
                .filter(row -> mayBeOn(row, host))
                .map(row -> row.instance().id().toString())
                .toList();
        if (!bound.isEmpty()) {
            String named = bound.stream().limit(NAMED).collect(Collectors.joining(", "));
            throw new Conflict(
                    host.ref(),
                    bound.size() + " instances on host " + host + " asked for zone " + zone + ": " + named
                            + (bound.size() > NAMED ? ", ..." : ""),
                    "Migrate them to other hosts of the zone, or delete them");
        }
    }

    /** Whether it is there, is being moved there, or would be brought back there by a revert. */
    private static boolean mayBeOn(InstanceRow row, HostId host) {
        return row.instance().host().equals(Optional.of(host))
                || row.moveTo().equals(Optional.of(host))
                || row.resized()
                        .filter(resized -> resized.source().equals(host))
                        .isPresent();
    }

    private void record(Transaction tx, HostId host, String zone) {
        state.instances()
                .find(tx, "host", host.value())
                .forEach(entry -> state.instances()
                        .update(tx, entry, entry.value().with(clock.instant(), edit -> edit.zone(Optional.of(zone)))));
    }
}
