package io.gantry.core.reconcile;

import io.gantry.audit.Finding;
import io.gantry.audit.Finding.Kind;
import io.gantry.core.aggregate.AggregateMap;
import io.gantry.core.aggregate.HostZones;
import io.gantry.core.state.AggregateRow;
import io.gantry.core.state.InstanceRow;
import io.gantry.core.state.ProviderRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.error.ResourceRef;
import io.gantry.host.Aggregate;
import io.gantry.host.HostId;
import io.gantry.spi.store.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Compares aggregates with their members, and hosts' zones with the instances there. */
final class ZoneAudit {
    private final State state;
    private final HostZones zones;
    private final Snapshot snapshot;

    ZoneAudit(State state, HostZones zones, Snapshot snapshot) {
        this.state = state;
        this.zones = zones;
        this.snapshot = snapshot;
    }

    /** {@return the differences; repaired ones if that is asked for} */
    List<Finding> run(Transaction tx, boolean repair) {
        List<Finding> findings = new ArrayList<>();
        AggregateMap aggregates = zones.at(tx);
        Map<HostId, String> zoneOf = new HashMap<>();
        Set<String> missing = new TreeSet<>();
        for (Table.Entry<ProviderRow> entry : state.providers().all(tx)) {
            ProviderRow row = entry.value();
            row.aggregates().stream().filter(name -> !aggregates.contains(name)).forEach(missing::add);
            if (row.host()) {
                host(row, aggregates, findings);
                zoneOf.put(HostId.of(row.id()), aggregates.zone(row));
            }
        }
        missing.forEach(name -> findings.add(missing(tx, name, repair)));
        snapshot.instances().values().forEach(row -> instance(tx, row, zoneOf, findings, repair));
        return findings;
    }

    /** An aggregate without zone and metadata changes nothing about its members. */
    private Finding missing(Transaction tx, String name, boolean repair) {
        if (repair) {
            state.aggregates().insert(tx, new AggregateRow(name, Optional.empty(), Map.of()));
        }
        return new Finding(
                Kind.AGGREGATE_MEMBER,
                Aggregate.ref(name),
                Optional.empty(),
                "an aggregate",
                "members without it",
                Optional.of("create the aggregate, without a zone"),
                repair);
    }

    private void host(ProviderRow row, AggregateMap aggregates, List<Finding> findings) {
        HostId host = HostId.of(row.id());
        if (!row.aggregates().isEmpty() && !snapshot.hosts().containsKey(host)) {
            findings.add(
                    finding(Kind.AGGREGATE_MEMBER, host.ref(), host, "a registered host", "a member of " + words(row)));
        }
        Set<String> all = aggregates.zones(row);
        if (all.size() > 1) {
            findings.add(finding(Kind.HOST_ZONES, host.ref(), host, "one zone", "zones " + String.join(" and ", all)));
        }
    }

    private static String words(ProviderRow row) {
        return String.join(", ", new TreeSet<>(row.aggregates()));
    }

    private static Finding finding(Kind kind, ResourceRef resource, HostId host, String expected, String found) {
        return new Finding(kind, resource, Optional.of(host), expected, found, Optional.empty(), false);
    }

    private void instance(
            Transaction tx, InstanceRow row, Map<HostId, String> zoneOf, List<Finding> findings, boolean repair) {
        ResourceRef resource = row.instance().id().ref();
        Optional<HostId> host = row.instance().host();
        Optional<String> zone = host.flatMap(where -> Optional.ofNullable(zoneOf.get(where)));
        if (!row.instance().zone().equals(zone)) {
            if (repair) {
                state.instances()
                        .get(tx, row.instance().id().toString())
                        .ifPresent(entry -> state.instances()
                                .update(
                                        tx,
                                        entry,
                                        entry.value()
                                                .with(entry.value().instance().updatedAt(), edit -> edit.zone(zone))));
            }
            findings.add(new Finding(
                    Kind.INSTANCE_ZONE,
                    resource,
                    host,
                    zone.map(name -> "zone " + name).orElse("no zone"),
                    row.instance().zone().map(name -> "zone " + name).orElse("no zone"),
                    Optional.of("record the host's zone"),
                    repair));
        }
        Optional<String> asked = row.instance().requestedZone();
        if (host.isPresent() && zone.isPresent() && asked.isPresent() && !asked.equals(zone)) {
            findings.add(finding(
                    Kind.OUTSIDE_ZONE, resource, host.get(), "a host in zone " + asked.get(), "zone " + zone.get()));
        }
    }
}
