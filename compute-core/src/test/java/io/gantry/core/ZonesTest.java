package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.driver.sim.SimCall;
import io.gantry.error.HypervisorError;
import io.gantry.error.IdempotencyConflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.InvalidState;
import io.gantry.error.NotFound;
import io.gantry.host.AggregateSpec;
import io.gantry.host.HostId;
import io.gantry.host.HostState;
import io.gantry.instance.Instance;
import io.gantry.instance.UnshelveSpec;
import io.gantry.instance.VmState;
import io.gantry.migration.EvacuationSpec;
import io.gantry.migration.LiveMigrationSpec;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import io.gantry.placement.FilterResult;
import io.gantry.placement.HostReport;
import io.gantry.placement.NoValidHost;
import io.gantry.placement.PlacementReport;
import io.gantry.placement.Verdict;
import io.gantry.spi.fence.FencingProof;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An instance that asks for a zone goes there and stays there. Hosts 1 and 2 are in zone east, host 3 is in zone west. */
final class ZonesTest extends VerbTestBase {
    private static final String EAST = "east";
    private static final String WEST = "west";

    @BeforeEach
    void makeZones() {
        make(EAST, 1, 2);
        make(WEST, 3);
    }

    private void make(String zone, int... hosts) {
        engine.compute()
                .aggregates()
                .create(AggregateSpec.builder(zone).zone(zone).build());
        for (int n : hosts) {
            engine.compute().aggregates().addHost(zone, h(n));
        }
    }

    private Instance in(String zone) {
        return await(instances().create(engine.spec("web").zone(zone).build()));
    }

    private Instance on(int n, String zone) {
        return await(instances().create(engine.spec("web").zone(zone).host(h(n)).build()));
    }

    private Instance offloaded(String zone) {
        Instance instance = in(zone);
        assertEquals(
                VmState.SHELVED_OFFLOADED,
                await(instances().shelve(instance.id())).state());
        return instance;
    }

    @Test
    void anInstanceGoesWhereItAskedToBeAndRemembersThatItAsked() {
        Instance west = in(WEST);
        assertEquals(Optional.of(h(3)), west.host());
        assertEquals(Optional.of(WEST), west.zone());
        assertEquals(Optional.of(WEST), west.requestedZone());

        Instance anywhere = running("any");
        assertEquals(Optional.of(EAST), anywhere.zone());
        assertEquals(Optional.empty(), anywhere.requestedZone());
    }

    @Test
    void severalTogetherGoThereToo() {
        List<Operation<Instance>> two =
                instances().create(engine.spec("web").zone(WEST).build(), 2, 2, NO_OPTIONS);

        for (Operation<Instance> operation : two) {
            assertEquals(Optional.of(h(3)), await(operation).host());
            assertEquals(Optional.of(WEST), await(operation).requestedZone());
        }
    }

    @Test
    void aReportSaysForEachHostWhichZoneWasNeededAndWhichItHas() {
        PlacementReport report =
                instances().explain(engine.spec("web").zone(WEST).build());

        assertEquals(Optional.of(h(3)), report.chosen());
        FilterResult otherZone =
                new FilterResult("AvailabilityZoneFilter", Verdict.reject("OTHER_ZONE", "zone west", "zone east"));
        assertEquals(
                List.of(h(1), h(2)),
                report.hosts().stream()
                        .filter(host -> host.rejection().equals(Optional.of(otherZone)))
                        .map(HostReport::host)
                        .toList());
    }

    @Test
    void aZoneThatThereIsNotIsRefusedAndOneWithoutRoomIsExplained() {
        refused(NotFound.class, () -> in("north"), "zone north", "compute.zones().list()");
        refused(NotFound.class, () -> in("default"));

        engine.compute().hosts().disable(h(3), "repair");
        NoValidHost refused = SimEngine.failure(
                NoValidHost.class,
                instances().create(engine.spec("web").zone(WEST).build()));
        assertEquals(3, refused.report().hosts().size());
        assertEquals(0, engine.rows("claim"));
    }

    @Test
    void aRequestedHostHasToBeInTheRequestedZone() {
        refused(
                InvalidRequest.class,
                () -> on(1, WEST),
                "instance.host 'h1' is in zone east, and the instance asks for zone west");
        assertTrue(instances().list().isEmpty());
    }

    @Test
    void theZoneIsPartOfWhatMakesTwoRequestsEqual() {
        RequestOptions token = RequestOptions.idempotencyToken("order-1");
        await(instances().create(engine.spec("web").zone(WEST).build(), token));

        refused(
                IdempotencyConflict.class,
                () -> instances().create(engine.spec("web").zone(EAST).build(), token));
    }

    @Test
    void migrationsStayInTheZone() {
        Instance instance = on(1, EAST);

        engine.compute()
                .migrations()
                .live(instance.id(), LiveMigrationSpec.builder().build())
                .await(SimEngine.PATIENCE);
        assertEquals(Optional.of(h(2)), get(instance.id()).host());

        await(engine.compute().migrations().cold(instance.id(), Optional.empty(), NO_OPTIONS));
        await(instances().confirmResize(instance.id()));
        assertEquals(Optional.of(h(1)), get(instance.id()).host());
        assertEquals(Optional.of(EAST), get(instance.id()).zone());
    }

    @Test
    void aTargetInAnotherZoneIsRefusedWithTheReason() {
        Instance instance = on(1, EAST);

        NoValidHost live = SimEngine.failure(
                NoValidHost.class,
                engine.compute()
                        .migrations()
                        .live(
                                instance.id(),
                                LiveMigrationSpec.builder().target(h(3)).build()));
        NoValidHost cold = SimEngine.failure(
                NoValidHost.class, engine.compute().migrations().cold(instance.id(), Optional.of(h(3)), NO_OPTIONS));

        assertTrue(
                live.report().toString().contains("OTHER_ZONE"), live.report().toString());
        assertTrue(
                cold.report().toString().contains("OTHER_ZONE"), cold.report().toString());
        assertEquals(Optional.of(h(1)), get(instance.id()).host());
    }

    @Test
    void whoAskedForNoZoneMayBeMovedToAny() {
        Instance instance = running("web");

        engine.compute()
                .migrations()
                .live(instance.id(), LiveMigrationSpec.builder().target(h(3)).build())
                .await(SimEngine.PATIENCE);

        assertEquals(Optional.of(WEST), get(instance.id()).zone());
        assertEquals(Optional.empty(), get(instance.id()).requestedZone());
    }

    @Test
    void aResizeStaysInTheZoneAndARevertComesBackIntoIt() {
        Instance instance = on(3, WEST);

        assertEquals(
                Optional.of(h(3)),
                await(instances().resize(instance.id(), LARGE)).host());
        assertEquals(
                Optional.of(WEST),
                await(instances().revertResize(instance.id())).zone());
    }

    @Test
    void anEvacuationStaysInTheZone() {
        Instance east = on(1, EAST);
        Instance west = on(3, WEST);
        engine.host(1).powerFail();
        engine.host(3).powerFail();
        awaitDown(1);
        awaitDown(3);

        assertEquals(Optional.of(h(2)), await(evacuate(east, 1)).host());
        NoValidHost refused = SimEngine.failure(NoValidHost.class, evacuate(west, 3));
        assertTrue(
                refused.report().toString().contains("OTHER_ZONE"),
                refused.report().toString());

        engine.host(1).powerOn();
        engine.host(3).powerOn();
        SimEngine.await("all is clean", () -> engine.compute().audit().isEmpty());
    }

    private void awaitDown(int n) {
        SimEngine.await(
                "h" + n + " is down", () -> engine.compute().hosts().get(h(n)).state() == HostState.DOWN);
    }

    private Operation<Instance> evacuate(Instance instance, int n) {
        FencingProof proof = new FencingProof(h(n), "operator", "the plug is pulled", Instant.EPOCH);
        return engine.compute().migrations().evacuate(instance.id(), EvacuationSpec.proven(proof), NO_OPTIONS);
    }

    @Test
    void anUnshelvedInstanceComesBackIntoTheZoneThatItAskedFor() {
        Instance instance = offloaded(WEST);
        assertEquals(Optional.empty(), get(instance.id()).zone());
        assertEquals(Optional.of(WEST), get(instance.id()).requestedZone());

        Instance back = await(instances().unshelve(instance.id(), UnshelveSpec.anywhere()));

        assertEquals(Optional.of(h(3)), back.host());
        assertEquals(Optional.of(WEST), back.requestedZone());
    }

    @Test
    void unshelvedToAZoneItStaysInThatOneFromThenOn() {
        Instance instance = offloaded(WEST);

        Instance back = await(instances().unshelve(instance.id(), UnshelveSpec.zone(EAST)));

        assertEquals(Optional.of(EAST), back.zone());
        assertEquals(Optional.of(EAST), back.requestedZone());
        await(instances().shelve(instance.id()));
        assertEquals(
                Optional.of(EAST),
                await(instances().unshelve(instance.id(), UnshelveSpec.anywhere()))
                        .zone());
    }

    @Test
    void whoAskedForNoZoneIsPinnedByBeingUnshelvedToOne() {
        Instance instance = running("web");
        await(instances().shelve(instance.id()));

        assertEquals(
                Optional.of(WEST),
                await(instances().unshelve(instance.id(), UnshelveSpec.zone(WEST)))
                        .requestedZone());
    }

    @Test
    void unpinnedItGoesAnywhereNowAndLater() {
        Instance instance = offloaded(WEST);
        engine.compute().hosts().disable(h(3), "repair");

        Instance back = await(instances().unshelve(instance.id(), UnshelveSpec.unpinned()));

        assertEquals(Optional.of(EAST), back.zone());
        assertEquals(Optional.empty(), back.requestedZone());
    }

    @Test
    void zoneAndHostTogetherHaveToFit() {
        Instance instance = offloaded(EAST);

        refused(
                InvalidRequest.class,
                () -> instances()
                        .unshelve(instance.id(), UnshelveSpec.zone(WEST).to(h(2))),
                "unshelve.host 'h2' is in zone east, and the instance asks for zone west");
        refused(InvalidRequest.class, () -> instances().unshelve(instance.id(), UnshelveSpec.on(h(3))));
        refused(NotFound.class, () -> instances().unshelve(instance.id(), UnshelveSpec.zone("north")));
        assertTrue(get(instance.id()).task().isEmpty());

        Instance back = await(
                instances().unshelve(instance.id(), UnshelveSpec.zone(WEST).to(h(3))));
        assertEquals(Optional.of(h(3)), back.host());
        assertEquals(Optional.of(WEST), back.requestedZone());
    }

    @Test
    void unpinnedToAHostItGoesThere() {
        Instance instance = offloaded(EAST);

        Instance back = await(
                instances().unshelve(instance.id(), UnshelveSpec.unpinned().to(h(3))));

        assertEquals(Optional.of(h(3)), back.host());
        assertEquals(Optional.empty(), back.requestedZone());
    }

    @Test
    void onlyAnOffloadedInstanceIsUnshelvedToAZone() {
        Instance instance = in(EAST);

        for (UnshelveSpec how : List.of(UnshelveSpec.zone(WEST), UnshelveSpec.unpinned())) {
            refused(InvalidState.class, () -> instances().unshelve(instance.id(), how), "unshelve to a host or zone");
        }
    }

    @Test
    void anUnshelveThatFindsNoHostOrFailsThereLeavesTheZoneThatItAskedForBefore() {
        Instance instance = offloaded(EAST);
        engine.host(3).failNext(SimCall.START, 1, () -> new HypervisorError("h3", 1, 1, "a fault of the test", null));

        SimEngine.failure(HypervisorError.class, instances().unshelve(instance.id(), UnshelveSpec.zone(WEST)));
        assertEquals(Optional.of(EAST), get(instance.id()).requestedZone());
        assertEquals(Optional.empty(), get(instance.id()).zone());

        engine.compute().hosts().disable(h(3), "repair");
        SimEngine.failure(NoValidHost.class, instances().unshelve(instance.id(), UnshelveSpec.zone(WEST)));
        assertEquals(Optional.of(EAST), get(instance.id()).requestedZone());
        assertEquals(VmState.SHELVED_OFFLOADED, get(instance.id()).state());
        assertEquals(0, engine.rows("claim"));
    }

    @Test
    void withoutAnyFilterTheClaimItselfKeepsToTheZone() {
        SimEngine bare = SimEngine.withFilters(directory.resolve("bare"), 3, List.of());
        try {
            bare.compute()
                    .aggregates()
                    .create(AggregateSpec.builder(WEST).zone(WEST).build());
            bare.compute().aggregates().addHost(WEST, h(3));

            Instance instance = await(bare.compute()
                    .instances()
                    .create(bare.spec("web").zone(WEST).build()));

            assertEquals(Optional.of(HostId.of("h3")), instance.host());
            PlacementReport report =
                    bare.compute().instances().placement(instance.id()).orElseThrow();
            assertTrue(report.toString().contains("Claim"), report.toString());
            assertTrue(report.toString().contains("OTHER_ZONE"), report.toString());
        } finally {
            bare.close();
        }
    }
}
