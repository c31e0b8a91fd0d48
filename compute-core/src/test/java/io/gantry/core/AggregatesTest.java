package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.audit.Finding.Kind;
import io.gantry.core.state.AggregateRow;
import io.gantry.error.Conflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.NotFound;
import io.gantry.host.Aggregate;
import io.gantry.host.AggregateChanged;
import io.gantry.host.AggregateSpec;
import io.gantry.host.AggregateUpdate;
import io.gantry.host.Aggregates;
import io.gantry.host.HostId;
import io.gantry.host.Zone;
import io.gantry.instance.Instance;
import io.gantry.instance.UnshelveSpec;
import io.gantry.placement.ProviderId;
import io.gantry.placement.ProviderSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Aggregates, their members, and the zones that they make. */
final class AggregatesTest extends VerbTestBase {
    private Aggregates aggregates() {
        return engine.compute().aggregates();
    }

    private Aggregate zone(String name, int... hosts) {
        Aggregate aggregate = aggregates()
                .create(AggregateSpec.builder(name + "-hosts").zone(name).build());
        for (int n : hosts) {
            aggregate = aggregates().addHost(aggregate.name(), h(n));
        }
        return aggregate;
    }

    private static AggregateUpdate toZone(String zone) {
        return AggregateUpdate.builder().zone(zone).build();
    }

    private Instance inZone(String zone, int n) {
        return await(instances().create(engine.spec("web").zone(zone).host(h(n)).build()));
    }

    @Test
    void anAggregateIsWhatItsSpecificationSaysAndListedByName() {
        aggregates().create(AggregateSpec.builder("rack-2").build());
        Aggregate created = aggregates()
                .create(AggregateSpec.builder("rack-1")
                        .zone("zone-1")
                        .metadata("ssd", "true")
                        .build());

        assertEquals(new Aggregate("rack-1", Optional.of("zone-1"), Map.of("ssd", "true"), List.of()), created);
        assertEquals(aggregates().get("rack-1"), created);
        assertEquals(
                List.of("rack-1", "rack-2"),
                List.copyOf(aggregates().list().stream().map(Aggregate::name).toList()));
    }

    @Test
    void namesAreUnique() {
        aggregates().create(AggregateSpec.builder("rack-1").build());
        aggregates().create(AggregateSpec.builder("rack-2").build());

        refused(
                Conflict.class,
                () -> aggregates().create(AggregateSpec.builder("rack-1").build()),
                "rack-1 exists already");
        refused(
                Conflict.class,
                () -> aggregates()
                        .update(
                                "rack-2",
                                AggregateUpdate.builder().name("rack-1").build()));
        assertEquals("rack-2", aggregates().get("rack-2").name());
    }

    @Test
    void whatIsNotThereIsNotFound() {
        aggregates().create(AggregateSpec.builder("rack-1").build());

        refused(NotFound.class, () -> aggregates().get("nothing"), "compute.aggregates().list()");
        refused(NotFound.class, () -> aggregates().update("nothing", toZone("z")));
        refused(NotFound.class, () -> aggregates().delete("nothing"));
        refused(NotFound.class, () -> aggregates().addHost("nothing", h(1)));
        refused(NotFound.class, () -> aggregates().addHost("rack-1", HostId.of("nobody")), "host nobody");
        refused(NotFound.class, () -> aggregates().removeHost("rack-1", HostId.of("nobody")));
    }

    @Test
    void membershipIsThatOfTheHostsProvider() {
        aggregates().create(AggregateSpec.builder("rack-1").build());
        aggregates().create(AggregateSpec.builder("fast").build());

        aggregates().addHost("rack-1", h(1));
        assertEquals(List.of("rack-1"), List.copyOf(provider(1)));

        engine.compute().providers().setAggregates(ProviderId.of(h(1)), Set.of("fast"));
        assertTrue(aggregates().get("rack-1").hosts().isEmpty());
        assertEquals(List.of(h(1)), List.copyOf(aggregates().get("fast").hosts()));
        refused(
                NotFound.class,
                () -> engine.compute().providers().setAggregates(ProviderId.of(h(1)), Set.of("nothing")));
        assertEquals(List.of("fast"), List.copyOf(provider(1)));
    }

    private Set<String> provider(int n) {
        return engine.compute().providers().get(ProviderId.of(h(n))).aggregates();
    }

    @Test
    void addingAndRemovingTwiceIsDoingItOnce() {
        List<String> seen = new CopyOnWriteArrayList<>();
        engine.compute().subscribe(event -> {
            if (event instanceof AggregateChanged changed) {
                seen.add(changed.cause() + changed.aggregate().hosts());
            }
        });
        aggregates().create(AggregateSpec.builder("rack-1").build());

        aggregates().addHost("rack-1", h(1));
        aggregates().addHost("rack-1", h(1));
        aggregates().removeHost("rack-1", h(1));
        aggregates().removeHost("rack-1", h(1));
        aggregates().delete("rack-1");

        SimEngine.await("events", () -> seen.size() == 4);
        assertEquals(List.of("create[]", "add-host[h1]", "remove-host[]", "delete[]"), List.copyOf(seen));
    }

    @Test
    void aRenamedAggregateKeepsItsMembers() {
        zone("zone-1", 1, 2);
        engine.compute()
                .providers()
                .put(ProviderSpec.builder(ProviderId.of("pool"))
                        .aggregates("zone-1-hosts")
                        .build());

        Aggregate renamed = aggregates()
                .update(
                        "zone-1-hosts",
                        AggregateUpdate.builder()
                                .name("east")
                                .metadata("ssd", "true")
                                .build());

        assertEquals(new Aggregate("east", Optional.of("zone-1"), Map.of("ssd", "true"), List.of(h(1), h(2))), renamed);
        assertEquals(List.of("east"), List.copyOf(provider(1)));
        assertEquals(
                List.of("east"),
                List.copyOf(
                        engine.compute().providers().get(ProviderId.of("pool")).aggregates()));
    }

    @Test
    void metadataIsChangedKeyByKey() {
        aggregates()
                .create(AggregateSpec.builder("rack-1")
                        .metadata("a", "1")
                        .metadata("b", "1")
                        .build());

        Aggregate updated = aggregates()
                .update(
                        "rack-1",
                        AggregateUpdate.builder()
                                .metadata("b", "2")
                                .metadata("c", "3")
                                .removeMetadata("a")
                                .build());

        assertEquals(Map.of("b", "2", "c", "3"), updated.metadata());
    }

    @Test
    void anAggregateWithMembersStays() {
        zone("zone-1", 1);
        aggregates().create(AggregateSpec.builder("pools").build());
        engine.compute()
                .providers()
                .put(ProviderSpec.builder(ProviderId.of("pool"))
                        .aggregates("pools")
                        .build());

        refused(Conflict.class, () -> aggregates().delete("zone-1-hosts"), "h1");
        refused(Conflict.class, () -> aggregates().delete("pools"), "pool");

        engine.compute().hosts().unregister(h(1));
        aggregates().delete("zone-1-hosts");
        assertEquals(
                List.of("pools"),
                List.copyOf(aggregates().list().stream().map(Aggregate::name).toList()));
    }

    @Test
    void aHostIsInOneZoneOnlyWhateverCallWouldPutItIntoTwo() {
        zone("zone-1", 1);
        zone("zone-2", 2);
        aggregates().create(AggregateSpec.builder("rack-1").build());
        aggregates().addHost("rack-1", h(1));

        String two = "zones zone-1 and zone-2";
        refused(Conflict.class, () -> aggregates().addHost("zone-2-hosts", h(1)), two);
        refused(Conflict.class, () -> aggregates().update("rack-1", toZone("zone-2")), two);
        refused(
                Conflict.class,
                () -> engine.compute()
                        .providers()
                        .setAggregates(ProviderId.of(h(1)), Set.of("zone-1-hosts", "zone-2-hosts")),
                two);

        assertEquals(Set.of("zone-1-hosts", "rack-1"), Set.copyOf(provider(1)));
        assertEquals(Optional.empty(), aggregates().get("rack-1").zone());
    }

    @Test
    void twoAggregatesMayMakeOneZoneTogether() {
        zone("zone-1", 1);
        aggregates().create(AggregateSpec.builder("more").zone("zone-1").build());
        aggregates().addHost("more", h(1));
        aggregates().addHost("more", h(2));

        assertEquals(
                List.of(new Zone("default", true, List.of(h(3))), new Zone("zone-1", true, List.of(h(1), h(2)))),
                List.copyOf(engine.compute().zones().list()));
    }

    @Test
    void aZoneIsAvailableWhileOneOfItsHostsTakesInstances() {
        zone("zone-1", 1, 2);
        zone("empty");
        engine.compute().hosts().disable(h(1), "repair");
        assertEquals(Map.of("zone-1", true, "empty", false, "default", true), available());

        engine.compute().hosts().disable(h(2), "repair");
        assertEquals(false, available().get("zone-1"));
    }

    private Map<String, Boolean> available() {
        return engine.compute().zones().list().stream().collect(Collectors.toMap(Zone::name, Zone::available));
    }

    @Test
    void theDefaultZoneIsMadeByNoAggregate() {
        assertEquals("default", engine.compute().zones().defaultZone());
        aggregates().create(AggregateSpec.builder("rack-1").build());

        refused(InvalidRequest.class, () -> zone("default"));
        refused(
                InvalidRequest.class,
                () -> aggregates().update("rack-1", toZone("default")),
                "no aggregate puts in a zone");
    }

    @Test
    void aHostDoesNotLeaveTheZoneThatAnInstanceOnItAskedFor() {
        zone("zone-1", 1);
        zone("zone-2");
        Instance bound = inZone("zone-1", 1);

        String text = "1 instances on host h1 asked for zone zone-1: " + bound.id();
        refused(Conflict.class, () -> aggregates().removeHost("zone-1-hosts", h(1)), text);
        refused(Conflict.class, () -> aggregates().update("zone-1-hosts", toZone("zone-3")), text);
        refused(
                Conflict.class,
                () -> aggregates()
                        .update(
                                "zone-1-hosts",
                                AggregateUpdate.builder().name("other").noZone().build()));
        refused(Conflict.class, () -> engine.compute().providers().setAggregates(ProviderId.of(h(1)), Set.of()));
        assertEquals(Optional.of("zone-1"), aggregates().get("zone-1-hosts").zone());

        aggregates()
                .update("zone-1-hosts", AggregateUpdate.builder().name("east").build());
        await(instances().forceDelete(bound.id(), NO_OPTIONS));
        assertTrue(aggregates().removeHost("east", h(1)).hosts().isEmpty());
    }

    @Test
    void aHostDoesNotJoinAZoneWhileAnInstanceOnItAskedForTheDefaultZone() {
        zone("zone-1");
        inZone("default", 1);

        refused(Conflict.class, () -> aggregates().addHost("zone-1-hosts", h(1)), "asked for zone default");
    }

    @Test
    void whereARevertWouldBringItBackCountsToo() {
        zone("zone-1", 1, 2);
        Instance bound = inZone("zone-1", 1);
        await(engine.compute().migrations().cold(bound.id(), Optional.of(h(2)), NO_OPTIONS));

        refused(Conflict.class, () -> aggregates().removeHost("zone-1-hosts", h(1)));
        await(instances().confirmResize(bound.id()));

        aggregates().removeHost("zone-1-hosts", h(1));
        refused(Conflict.class, () -> aggregates().removeHost("zone-1-hosts", h(2)));
    }

    @Test
    void instancesThatAskedForNoZoneAreNoObstacleAndAreRecordedInTheNewOne() {
        Instance free = running("web");
        assertEquals(Optional.of("default"), free.zone());

        zone("zone-1", 1);
        assertEquals(Optional.of("zone-1"), get(free.id()).zone());
        assertEquals(Optional.empty(), get(free.id()).requestedZone());

        aggregates().update("zone-1-hosts", toZone("zone-2"));
        assertEquals(Optional.of("zone-2"), get(free.id()).zone());

        aggregates().removeHost("zone-1-hosts", h(1));
        assertEquals(Optional.of("default"), get(free.id()).zone());
    }

    @Test
    void anOffloadedInstanceHoldsNoHostInItsZone() {
        zone("zone-1", 1);
        Instance bound = inZone("zone-1", 1);
        await(instances().shelve(bound.id()));

        aggregates().removeHost("zone-1-hosts", h(1));
        zone("zone-2", 2);

        Instance back = await(instances().unshelve(bound.id(), UnshelveSpec.zone("zone-2")));
        assertEquals(Optional.of(h(2)), back.host());
    }

    @Test
    void theAuditFindsMembersOfNothingAndRepairsThem() {
        zone("zone-1", 1);
        Instance free = running("web");
        engine.change(state -> state.change(tx -> state.aggregates()
                .delete(tx, state.aggregates().get(tx, "zone-1-hosts").orElseThrow())));

        assertEquals(List.of(Kind.AGGREGATE_MEMBER, Kind.INSTANCE_ZONE), List.copyOf(kinds()));
        engine.compute().repair();
        assertTrue(kinds().isEmpty());
        assertEquals(List.of(h(1)), List.copyOf(aggregates().get("zone-1-hosts").hosts()));
        assertEquals(Optional.of("default"), get(free.id()).zone());
    }

    @Test
    void theAuditLeavesHostsInTwoZonesAndInstancesOutsideOfTheirsToAPerson() {
        zone("zone-1", 1);
        Instance bound = inZone("zone-1", 1);
        engine.change(state -> state.change(tx -> {
            state.aggregates().insert(tx, new AggregateRow("stray", Optional.of("a-zone"), Map.of()));
            var provider = state.providers().get(tx, "h1").orElseThrow();
            state.providers().update(tx, provider, provider.value().withAggregates(Set.of("stray", "zone-1-hosts")));
        }));

        engine.compute().repair();
        assertEquals(List.of(Kind.HOST_ZONES, Kind.OUTSIDE_ZONE), List.copyOf(kinds()));

        aggregates().removeHost("stray", h(1));
        assertTrue(kinds().isEmpty());
        assertEquals(Optional.of("zone-1"), get(bound.id()).zone());
    }

    private List<Kind> kinds() {
        return engine.compute().audit().findings().stream()
                .map(finding -> finding.kind())
                .toList();
    }
}
