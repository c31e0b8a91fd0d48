package io.gantry.core.placement;

import static io.gantry.core.placement.LedgerBench.H1;
import static io.gantry.core.placement.LedgerBench.H2;
import static io.gantry.core.placement.LedgerBench.need;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.error.Conflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.NotFound;
import io.gantry.host.AllocationRatios;
import io.gantry.host.HostId;
import io.gantry.host.HostState;
import io.gantry.placement.Inventory;
import io.gantry.placement.Provider;
import io.gantry.placement.ProviderId;
import io.gantry.placement.ProviderSpec;
import io.gantry.placement.ResourceClass;
import io.gantry.unit.DiskSize;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Parts of hosts, and pools that hosts share. */
final class ProviderTreesTest {
    private static final ResourceClass GPU = ResourceClass.of("CUSTOM_GPU");
    private static final ResourceClass PAGES = ResourceClass.of("CUSTOM_HUGE_PAGES");

    private final LedgerBench bench = new LedgerBench();

    @BeforeEach
    void twoHostsWithTwoCellsWithAGpuEach() {
        for (String host : List.of("h1", "h2")) {
            bench.register(HostId.of(host), 8, 8, 50, new AllocationRatios(1.0, 1.0, 1.0));
            for (int cell = 0; cell < 2; cell++) {
                ProviderId numa = ProviderId.of(host + ":numa" + cell);
                bench.providers.put(ProviderSpec.builder(numa)
                        .parent(ProviderId.of(host))
                        .inventory(PAGES, Inventory.of(10))
                        .build());
                bench.providers.put(ProviderSpec.builder(ProviderId.of(host + ":gpu" + cell))
                        .parent(numa)
                        .traits(cell == 0 ? "CUSTOM_SLOW" : "CUSTOM_FAST")
                        .inventory(GPU, Inventory.of(1))
                        .build());
            }
        }
    }

    private static Demand.Group gpu() {
        return Demand.Group.of(Map.of(GPU, 1L));
    }

    private static Demand demand(Demand.Group... groups) {
        return new Demand(need(1, 1, 1), List.of(groups), false, false);
    }

    @Test
    void aTreeHasItsRootAndAllItsParts() {
        assertEquals(
                List.of("h1", "h1:gpu0", "h1:gpu1", "h1:numa0", "h1:numa1"),
                bench.providers.tree(ProviderId.of("h1:gpu1")).stream()
                        .map(provider -> provider.id().value())
                        .toList());
        assertEquals(ProviderId.of(H1), bench.provider("h1:gpu0").root());
    }

    @Test
    void aGroupIsServedByOneProviderThatHasItsTraits() {
        Demand fast = demand(new Demand.Group(Map.of(GPU, 1L), Set.of("CUSTOM_FAST"), Set.of()));

        assertEquals(Optional.empty(), bench.claim("a", H1, fast));
        assertEquals(1, bench.used("h1:gpu1", GPU));
        assertEquals(Optional.of("CUSTOM_GPU"), bench.claim("b", H1, fast), "the only fast one is taken");
        assertEquals(
                Optional.empty(),
                bench.claim("b", H1, demand(new Demand.Group(Map.of(GPU, 1L), Set.of(), Set.of("CUSTOM_FAST")))));
        bench.assertConsistent();
    }

    @Test
    void aClaimOnSeveralProvidersIsMadeWhollyOrNotAtAll() {
        bench.claim("a", H1, demand(gpu()));

        assertEquals(Optional.of("CUSTOM_GPU"), bench.claim("b", H1, demand(gpu(), gpu())));
        assertEquals(
                Optional.of("CUSTOM_GPU"),
                bench.claim(
                        "b",
                        H1,
                        Map.of(
                                ProviderId.of(H1),
                                Map.of(ResourceClass.VCPU, 1L),
                                ProviderId.of("h1:gpu1"),
                                Map.of(GPU, 2L))));

        assertEquals(List.of(), bench.state.transact(tx -> bench.ledger.claims(tx, "b")));
        assertEquals(1, bench.host(H1).usage().vcpus());
        bench.assertConsistent();
    }

    @Test
    void isolatedGroupsAreServedByDifferentProviders() {
        Demand.Group five = Demand.Group.of(Map.of(PAGES, 5L));

        bench.claim("together", H1, new Demand(need(0, 0, 0), List.of(five, five), false, false));
        bench.claim("apart", H2, new Demand(need(0, 0, 0), List.of(five, five), true, false));

        assertEquals(List.of(10L, 0L), List.of(bench.used("h1:numa0", PAGES), bench.used("h1:numa1", PAGES)));
        assertEquals(List.of(5L, 5L), List.of(bench.used("h2:numa0", PAGES), bench.used("h2:numa1", PAGES)));
    }

    @Test
    void groupsOfOneSubtreeAreServedCloseToEachOther() {
        bench.claim("a", H1, Map.of(ProviderId.of("h1:gpu0"), Map.of(GPU, 1L)));
        Demand close = new Demand(need(1, 1, 1), List.of(Demand.Group.of(Map.of(PAGES, 4L)), gpu()), false, true);

        assertEquals(Optional.empty(), bench.claim("b", H1, close));
        assertEquals(4, bench.used("h1:numa1", PAGES), "the free GPU is in cell 1, hence the pages are");

        assertEquals(
                Optional.empty(),
                bench.claim("c", H2, demand(new Demand.Group(Map.of(PAGES, 10L), Set.of(), Set.of()))));
        bench.claim("d", H2, Map.of(ProviderId.of("h2:gpu1"), Map.of(GPU, 1L)));
        assertEquals(Optional.of("SAME_SUBTREE"), bench.claim("e", H2, close), "pages in cell 1, GPU in cell 0");
    }

    @Test
    void partsPassAndAreReleasedWithTheHost() {
        bench.claim("instance:a", H1, demand(gpu()));

        bench.pass("instance:a", "migration:m", H1);
        assertEquals(1, bench.used("h1:gpu0", GPU));
        bench.release("migration:m", H1);

        assertEquals(0, bench.used("h1:gpu0", GPU));
        bench.assertConsistent();
    }

    @Test
    void aPoolTakesThePlaceOfTheDisksOfTheHostsThatShareIt() {
        share(100);

        bench.claim("a", H1, need(1, 1, 60));
        assertEquals(Optional.of("DISK"), bench.claim("b", H2, need(1, 1, 41)));
        assertEquals(Optional.empty(), bench.claim("b", H2, need(1, 1, 40)));

        assertEquals(100, bench.used("pool", ResourceClass.DISK_MB));
        assertEquals(0, bench.used("h1", ResourceClass.DISK_MB));
        assertEquals(
                List.of(0L, 0L),
                bench.state.transact(tx -> bench.ledger.views(tx, host -> HostState.UP)).stream()
                        .map(view -> view.freeDisk())
                        .toList());
        assertEquals(DiskSize.mib(100), bench.host(H1).usage().disk());
    }

    @Test
    void aMoveWithinAPoolReleasesTheSourceOnly() {
        share(100);
        bench.claim("instance:a", H1, need(1, 1, 30));
        bench.state.change(tx -> {
            bench.ledger.pass(tx, "instance:a", "migration:m", H1);
            bench.ledger.claim(tx, "instance:a", H2, need(1, 1, 30));
        });
        assertEquals(60, bench.used("pool", ResourceClass.DISK_MB));

        bench.release("migration:m", H1);

        assertEquals(Optional.of(need(1, 1, 30)), bench.state.transact(tx -> bench.ledger.need(tx, "instance:a", H2)));
        assertEquals(30, bench.used("pool", ResourceClass.DISK_MB));
        bench.assertConsistent();
    }

    @Test
    void aPoolServesOnlyTheHostsOfItsAggregates() {
        share(100);
        bench.aggregate("rack-2");
        bench.providers.setAggregates(ProviderId.of(H2), Set.of("rack-2"));

        bench.claim("a", H2, need(1, 1, 200));

        assertEquals(200, bench.used("h2", ResourceClass.DISK_MB));
        assertEquals(0, bench.used("pool", ResourceClass.DISK_MB));
    }

    private void share(long mib) {
        bench.aggregate("rack-1");
        bench.providers.put(ProviderSpec.builder(ProviderId.of("pool"))
                .traits(Provider.SHARES_VIA_AGGREGATE)
                .aggregates("rack-1")
                .inventory(ResourceClass.DISK_MB, Inventory.of(mib))
                .build());
        bench.providers.setAggregates(ProviderId.of(H1), Set.of("rack-1"));
        bench.providers.setAggregates(ProviderId.of(H2), Set.of("rack-1"));
    }

    @Test
    void whatIsInUseOrNeededByOthersStays() {
        ProviderId gpu = ProviderId.of("h1:gpu0");
        bench.claim("a", H1, Map.of(gpu, Map.of(GPU, 1L)));

        assertThrows(Conflict.class, () -> bench.providers.remove(gpu), "claimed");
        assertThrows(Conflict.class, () -> bench.providers.remove(ProviderId.of("h1:numa0")), "has a part");
        assertThrows(Conflict.class, () -> bench.providers.remove(ProviderId.of(H1)), "a host's");
        assertThrows(
                Conflict.class,
                () -> bench.providers.put(
                        ProviderSpec.builder(ProviderId.of(H1)).build()));
        assertThrows(
                Conflict.class,
                () -> bench.providers.put(ProviderSpec.builder(gpu)
                        .parent(ProviderId.of("h1:numa0"))
                        .build()),
                "would leave nothing of what is claimed");

        bench.release("a", H1);
        bench.providers.remove(gpu);
        assertThrows(NotFound.class, () -> bench.providers.get(gpu));
    }

    @Test
    void badProvidersAreRefused() {
        assertThrows(
                NotFound.class,
                () -> bench.providers.put(ProviderSpec.builder(ProviderId.of("x"))
                        .parent(ProviderId.of("nothing"))
                        .build()));
        assertThrows(
                InvalidRequest.class,
                () -> bench.providers.put(ProviderSpec.builder(ProviderId.of("h1:gpu0"))
                        .parent(ProviderId.of(H1))
                        .build()),
                "another parent");
        assertThrows(InvalidRequest.class, () -> bench.providers.setTraits(ProviderId.of(H1), Set.of("lower")));
        assertThrows(InvalidRequest.class, () -> bench.providers.setAggregates(ProviderId.of(H1), Set.of("a\nb")));
        assertThrows(NotFound.class, () -> bench.providers.setAggregates(ProviderId.of(H1), Set.of("nothing")));
        assertThrows(
                NotFound.class,
                () -> bench.providers.put(ProviderSpec.builder(ProviderId.of("pool"))
                        .aggregates("nothing")
                        .build()));
        assertThrows(NotFound.class, () -> bench.claim("a", H1, Map.of(ProviderId.of("nothing"), Map.of(GPU, 1L))));
    }

    @Test
    void aHostCannotTakeTheNameOfAPool() {
        bench.providers.put(ProviderSpec.builder(ProviderId.of("h3")).build());

        assertThrows(Conflict.class, () -> bench.register(HostId.of("h3"), 1, 1, 1, AllocationRatios.DEFAULT));
        assertEquals(2, bench.state.transact(tx -> bench.state.hosts().all(tx)).size(), "nothing is left");
    }
}
