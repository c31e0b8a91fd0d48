package io.gantry.core.aggregate;

import io.gantry.core.identity.AccessControl;
import io.gantry.core.observe.EngineEvents;
import io.gantry.core.state.AggregateRow;
import io.gantry.core.state.ProviderRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.error.Conflict;
import io.gantry.error.InvalidRequest;
import io.gantry.host.Aggregate;
import io.gantry.host.AggregateSpec;
import io.gantry.host.AggregateUpdate;
import io.gantry.host.Aggregates;
import io.gantry.host.HostId;
import io.gantry.spi.store.Transaction;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The aggregates of an engine. */
public final class AggregateBook implements Aggregates {
    private final State state;
    private final HostZones zones;
    private final Memberships memberships;
    private final EngineEvents events;

    /** Creates access to the aggregates of a state. */
    public AggregateBook(State state, HostZones zones, Memberships memberships, EngineEvents events) {
        this.state = state;
        this.zones = zones;
        this.memberships = memberships;
        this.events = events;
    }

    @Override
    public Aggregate create(AggregateSpec spec) {
        requireNotDefault(spec.zone());
        return changed("create", tx -> {
            requireNew(tx, spec.name());
            AggregateRow row = new AggregateRow(spec.name(), spec.zone(), spec.metadata());
            return new Outcome(aggregate(tx, state.aggregates().insert(tx, row).value()), true);
        });
    }

    private void requireNotDefault(Optional<String> zone) {
        zone.filter(zones.defaultZone()::equals).ifPresent(name -> {
            throw new InvalidRequest(
                    "aggregate.zone",
                    name,
                    "is the default zone, whose hosts are those that no aggregate puts in a zone",
                    "Choose another name, or leave the zone out");
        });
    }

    private void requireNew(Transaction tx, String name) {
        if (state.aggregates().get(tx, name).isPresent()) {
            throw new Conflict(
                    Aggregate.ref(name), "Aggregate " + name + " exists already", "Choose another name, or delete it");
        }
    }

    @Override
    public Aggregate get(String name) {
        return state.read(tx -> aggregate(tx, zones.aggregate(tx, name).value()));
    }

    @Override
    public List<Aggregate> list() {
        return state.read(tx -> {
            List<ProviderRow> hosts = state.providers().all(tx).stream()
                    .map(Table.Entry::value)
                    .filter(ProviderRow::host)
                    .toList();
            return state.aggregates().all(tx).stream()
                    .map(entry -> aggregate(entry.value(), hosts))
                    .toList();
        });
    }

    @Override
    public Aggregate update(String name, AggregateUpdate update) {
        return changed("update", tx -> {
            Table.Entry<AggregateRow> entry = zones.aggregate(tx, name);
            AggregateRow before = entry.value();
            AggregateRow after = new AggregateRow(
                    update.name().orElse(name), update.zone(before.zone()), update.metadata(before.metadata()));
            if (after.equals(before)) {
                return new Outcome(aggregate(tx, before), false);
            }
            if (!after.zone().equals(before.zone())) {
                requireNotDefault(after.zone());
            }
            List<Table.Entry<ProviderRow>> members = memberships.members(tx, name);
            Map<String, String> zonesBefore = members.stream()
                    .map(Table.Entry::value)
                    .filter(ProviderRow::host)
                    .collect(Collectors.toMap(
                            ProviderRow::id, host -> zones.of(tx, host).zone(host)));
            write(tx, entry, after, members);
            members.stream()
                    .map(Table.Entry::value)
                    .filter(ProviderRow::host)
                    .forEach(host -> memberships.moved(
                            tx,
                            renamed(host, name, after.name()),
                            zonesBefore.getOrDefault(host.id(), zones.defaultZone())));
            return new Outcome(aggregate(tx, after), true);
        });
    }

    /** Writes the row; under another name, its members name it so. */
    private void write(
            Transaction tx,
            Table.Entry<AggregateRow> entry,
            AggregateRow after,
            List<Table.Entry<ProviderRow>> members) {
        String old = entry.value().name();
        if (after.name().equals(old)) {
            state.aggregates().update(tx, entry, after);
            return;
        }
        requireNew(tx, after.name());
        state.aggregates().delete(tx, entry);
        state.aggregates().insert(tx, after);
        members.forEach(member -> state.providers().update(tx, member, renamed(member.value(), old, after.name())));
    }

    private static ProviderRow renamed(ProviderRow member, String from, String to) {
        return member.withAggregates(member.aggregates().stream()
                .map(name -> name.equals(from) ? to : name)
                .collect(Collectors.toSet()));
    }

    @Override
    public void delete(String name) {
        changed("delete", tx -> {
            Table.Entry<AggregateRow> entry = zones.aggregate(tx, name);
            List<Table.Entry<ProviderRow>> members = memberships.members(tx, name);
            if (!members.isEmpty()) {
                throw new Conflict(
                        Aggregate.ref(name),
                        "Aggregate " + name + " has members: "
                                + members.stream()
                                        .map(member -> member.value().id())
                                        .collect(Collectors.joining(", ")),
                        "Remove its hosts first, and its parts and pools with"
                                + " compute.providers().setAggregates(...)");
            }
            state.aggregates().delete(tx, entry);
            return new Outcome(aggregate(tx, entry.value()), true);
        });
    }

    @Override
    public Aggregate addHost(String name, HostId host) {
        return changed("add-host", tx -> member(tx, name, host, true));
    }

    @Override
    public Aggregate removeHost(String name, HostId host) {
        return changed("remove-host", tx -> member(tx, name, host, false));
    }

    private Outcome member(Transaction tx, String name, HostId host, boolean in) {
        AggregateRow row = zones.aggregate(tx, name).value();
        Table.Entry<ProviderRow> root = root(tx, host);
        Set<String> names = new HashSet<>(root.value().aggregates());
        boolean changes = in ? names.add(name) : names.remove(name);
        memberships.set(tx, root, names);
        return new Outcome(aggregate(tx, row), changes);
    }

    private Table.Entry<ProviderRow> root(Transaction tx, HostId host) {
        return state.providers()
                .get(tx, host.value())
                .filter(entry -> entry.value().host())
                .orElseThrow(() -> AccessControl.unknown(host.ref()));
    }

    /**
     * What a change came to.
     *
     * @param aggregate the aggregate afterwards
     * @param changed whether it was another one before
     */
    private record Outcome(Aggregate aggregate, boolean changed) {}

    private Aggregate changed(String cause, Function<Transaction, Outcome> change) {
        Outcome outcome = state.transact(change);
        if (outcome.changed()) {
            events.changed(outcome.aggregate(), cause);
        }
        return outcome.aggregate();
    }

    private Aggregate aggregate(Transaction tx, AggregateRow row) {
        return aggregate(
                row,
                memberships.members(tx, row.name()).stream()
                        .map(Table.Entry::value)
                        .filter(ProviderRow::host)
                        .toList());
    }

    private static Aggregate aggregate(AggregateRow row, List<ProviderRow> hosts) {
        return new Aggregate(
                row.name(),
                row.zone(),
                row.metadata(),
                hosts.stream()
                        .filter(host -> host.aggregates().contains(row.name()))
                        .map(host -> HostId.of(host.id()))
                        .sorted()
                        .toList());
    }
}
