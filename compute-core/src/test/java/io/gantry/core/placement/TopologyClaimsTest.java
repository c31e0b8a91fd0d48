package io.gantry.core.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.core.host.HostRegistry;
import io.gantry.core.scheduler.CandidateIndex;
import io.gantry.core.state.ClaimRow;
import io.gantry.core.state.HostRow;
import io.gantry.core.state.State;
import io.gantry.host.AllocationRatios;
import io.gantry.host.HostId;
import io.gantry.host.HostInventory;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.TopologyNeed;
import io.gantry.topology.GuestTopology;
import io.gantry.topology.HostCell;
import io.gantry.topology.HostTopology;
import io.gantry.topology.TopologyRequest;
import io.gantry.topology.TopologyUse;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What guests have of a host's CPUs is the sum of their claims, and what the index says of it. */
final class TopologyClaimsTest {
    private static final HostId H1 = HostId.of("h1");
    private static final int CPUS = 16;

    private final LedgerBench bench = new LedgerBench();
    private final CandidateIndex index = new CandidateIndex();
    private final CandidateFeed feed = bench.feed(bench.state, new HostRegistry(Map.of()), index);

    TopologyClaimsTest() {
        register(H1);
        feed.compare();
    }

    private void register(HostId id) {
        List<Set<Integer>> cores = IntStream.range(0, CPUS).mapToObj(Set::of).toList();
        HostCell cell = new HostCell(0, 0, cores, MemorySize.gib(64), 4, Map.of(), Set.of());
        HostInventory inventory = new HostInventory(
                        id.value(), "x86_64", "sim", "1", CPUS, MemorySize.gib(64), DiskSize.gib(100), Set.of())
                .withTopology(new HostTopology(List.of(cell), List.of())
                        .withDedicated(
                                new HashSet<>(IntStream.range(0, CPUS).boxed().toList())));
        bench.state.change(tx -> {
            bench.state
                    .hosts()
                    .insert(
                            tx,
                            new HostRow(
                                    id,
                                    "sim",
                                    URI.create("sim://" + id),
                                    Map.of(),
                                    Optional.empty(),
                                    inventory,
                                    AllocationRatios.DEFAULT,
                                    Optional.empty(),
                                    inventory.topology().dedicatedCpus()));
            bench.ledger.registerHost(tx, id, inventory, AllocationRatios.DEFAULT);
        });
    }

    private static Demand pinned(int vcpus) {
        Optional<GuestTopology> guest =
                TopologyRequest.topology(vcpus, MemorySize.mib(64), Map.of("hw:cpu_policy", "dedicated"), Map.of());
        return new Demand(
                new Need(0, vcpus, MemorySize.mib(64), DiskSize.mib(1)),
                List.of(),
                false,
                false,
                new TopologyNeed(guest, List.of()));
    }

    private static int taken(State state) {
        TopologyUse use = state.read(tx -> new TopologyClaims(state).on(tx, H1));
        return use.cell(0).taken().size();
    }

    private int takenInIndex() {
        return index.views().stream()
                .filter(view -> view.id().equals(H1))
                .map(HostView::topologyUse)
                .mapToInt(use -> use.cell(0).taken().size())
                .sum();
    }

    @Test
    void theIndexFollowsClaimsThatComeAreHandedOnAndGo() {
        assertEquals(Optional.empty(), bench.claim("instance:a", H1, pinned(3)));
        assertEquals(3, takenInIndex());
        assertEquals(Optional.empty(), bench.claim("instance:b", H1, pinned(2)));
        assertEquals(5, takenInIndex());

        bench.state.change(tx -> bench.ledger.pass(tx, "instance:a", "migration:a", H1));
        assertEquals(5, takenInIndex());
        assertEquals(Optional.empty(), bench.claim("instance:b", H1, pinned(4)));
        assertEquals(7, takenInIndex());

        bench.state.change(tx -> bench.ledger.releaseAll(tx, "migration:a"));
        assertEquals(4, takenInIndex());
        assertEquals(
                Optional.empty(),
                bench.claim("instance:b", H1, Demand.of(new Need(0, MemorySize.mib(1), DiskSize.mib(1)))));
        assertEquals(0, takenInIndex());
    }

    @Test
    void whatOtherNodesClaimIsReadWithTheNextComparison() {
        LedgerBench there = bench.onTheSameStore();
        assertTrue(there.claim("instance:a", H1, pinned(3)).isEmpty());
        assertEquals(0, takenInIndex());
        feed.compare();
        assertEquals(3, takenInIndex());

        // A claim of this node that follows another node's: told alone, it hides nothing for longer than a comparison.
        assertTrue(there.claim("instance:b", H1, pinned(2)).isEmpty());
        assertTrue(bench.claim("instance:c", H1, pinned(1)).isEmpty());
        feed.compare();
        assertEquals(6, takenInIndex());

        there.state.change(tx -> there.ledger.releaseAll(tx, "instance:a"));
        feed.reread(H1);
        assertEquals(3, takenInIndex());
        assertEquals(3, taken(bench.state));
    }

    @Test
    void manyHostsAreReadAtOnce() {
        for (int n = 2; n <= 40; n++) {
            register(HostId.of("h" + n));
        }
        LedgerBench there = bench.onTheSameStore();
        for (int n = 1; n <= 40; n++) {
            assertTrue(
                    there.claim("instance:" + n, HostId.of("h" + n), pinned(1)).isEmpty());
        }
        feed.compare();
        assertTrue(index.views().stream()
                .allMatch(view -> view.topologyUse().cell(0).taken().size() == 1));
        assertEquals(40, index.views().size());
    }

    @Test
    void whatAConsumerHasItselfCountsAsFree() {
        assertTrue(bench.claim("instance:a", H1, pinned(10)).isEmpty());
        assertTrue(bench.claim("instance:a", H1, pinned(16)).isEmpty());
        assertEquals(16, takenInIndex());
        assertEquals(Optional.of("DEDICATED_CPUS"), bench.claim("instance:b", H1, pinned(1)));
        assertEquals(
                1, bench.state.<Integer>read(tx -> bench.state.claims().all(tx).size()));
    }

    @Test
    void claimsThatAreJoinedAreOneAndGoTogether() {
        assertTrue(bench.claim("migration:a", H1, pinned(3)).isEmpty());
        assertTrue(bench.claim("instance:a", H1, pinned(2)).isEmpty());

        bench.state.change(tx -> bench.ledger.join(tx, "migration:a", "instance:a", H1));

        assertEquals(5, takenInIndex());
        assertEquals(List.of(), bench.state.read(tx -> new LedgerAudit(bench.state).run(tx, false)));
        assertEquals(
                1, bench.state.<Integer>read(tx -> bench.state.claims().all(tx).size()));
        bench.state.change(tx -> bench.ledger.join(tx, "migration:a", "instance:a", H1));
        bench.state.change(tx -> bench.ledger.releaseAll(tx, "instance:a"));
        assertEquals(0, takenInIndex());
        assertEquals(List.of(), bench.state.read(tx -> new LedgerAudit(bench.state).run(tx, false)));
    }

    @Test
    void aRefusedClaimLeavesWhatWasClaimed() {
        assertTrue(bench.claim("instance:a", H1, pinned(10)).isEmpty());
        assertEquals(Optional.of("DEDICATED_CPUS"), bench.claim("instance:a", H1, pinned(17)));
        assertEquals(10, takenInIndex());
    }

    @Test
    void guestsWithoutTopologyAreNotLookedInto() {
        assertTrue(bench.claim("instance:a", H1, Demand.of(new Need(0, MemorySize.mib(64), DiskSize.mib(1))))
                .isEmpty());
        ClaimRow claim = bench.state.read(tx ->
                bench.state.claims().get(tx, "instance:a@h1").orElseThrow().value());
        assertEquals(Optional.empty(), claim.placement());
        assertEquals(
                0,
                bench.state.<Integer>read(tx -> bench.state
                        .claims()
                        .find(tx, ClaimRow.PLACED, ClaimRow.YES)
                        .size()));
    }

    @Test
    void ofManyClaimsAtOnceNoTwoHaveOneCpu() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Optional<String>>> all = IntStream.range(0, 40)
                    .mapToObj(n -> threads.submit(() -> bench.claim("instance:" + n, H1, pinned(1))))
                    .toList();
            int made = 0;
            for (Future<Optional<String>> one : all) {
                made += one.get().isEmpty() ? 1 : 0;
            }
            assertEquals(CPUS, made);
        } finally {
            threads.shutdown();
        }
        Set<Integer> taken = new HashSet<>();
        bench.state
                .read(tx -> bench.state.claims().all(tx).stream()
                        .flatMap(entry -> entry.value().placement().orElseThrow().cells().stream())
                        .toList())
                .forEach(cell -> taken.addAll(cell.taken()));
        assertEquals(CPUS, taken.size());
        assertEquals(CPUS, takenInIndex());
    }

    @Test
    void aHostThatHasLostACpuTakesNoOneThere() {
        assertTrue(bench.claim("instance:a", H1, pinned(2)).isEmpty());
        TopologyUse before = bench.state.read(tx -> new TopologyClaims(bench.state).on(tx, H1));
        int gone = before.cell(0).taken().iterator().next();
        HostInventory less = bench.state.read(
                tx -> bench.state.hosts().get(tx, "h1").orElseThrow().value().inventory());
        List<Set<Integer>> cores = IntStream.range(0, CPUS)
                .filter(cpu -> cpu != gone)
                .mapToObj(Set::of)
                .toList();
        HostCell cell = new HostCell(0, 0, cores, MemorySize.gib(64), 4, Map.of(), Set.of());
        bench.state.change(tx ->
                bench.ledger.updateInventory(tx, H1, less.withTopology(new HostTopology(List.of(cell), List.of()))));

        assertEquals(Optional.of("DEDICATED_CPUS"), bench.claim("instance:b", H1, pinned(15)));
        assertEquals(Optional.of("PCPU"), bench.claim("instance:b", H1, pinned(14)));
        assertEquals(Optional.empty(), bench.claim("instance:b", H1, pinned(13)));
        bench.state.change(tx -> bench.ledger.releaseAll(tx, "instance:a"));
        assertEquals(13, takenInIndex());
    }
}
