package io.gantry.core.placement;

import static io.gantry.core.placement.LedgerBench.H1;
import static io.gantry.core.placement.LedgerBench.H2;
import static io.gantry.core.placement.LedgerBench.need;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.Conflict;
import io.gantry.host.AllocationRatios;
import io.gantry.host.HostId;
import io.gantry.placement.Inventory;
import io.gantry.placement.Provider;
import io.gantry.placement.ProviderId;
import io.gantry.placement.ProviderSpec;
import io.gantry.placement.ResourceClass;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Usage is the sum of the claims, and capacity is never exceeded, whatever happens in whichever order. */
final class LedgerPropertiesTest {
    private static final ResourceClass GPU = ResourceClass.of("CUSTOM_GPU");

    /** One change of the ledger. */
    private record Change(int kind, int consumer, HostId host, int vcpus, int memory, int disk, int gpus) {
        String instance() {
            return "instance:" + consumer;
        }

        String migration() {
            return "migration:" + consumer;
        }
    }

    @Provide
    Arbitrary<List<Change>> changes() {
        Arbitrary<Integer> small = Arbitraries.integers().between(0, 9);
        return Combinators.combine(
                        Arbitraries.integers().between(0, 7),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.of(H1, H2),
                        small,
                        small,
                        small,
                        Arbitraries.integers().between(0, 2))
                .as(Change::new)
                .list()
                .ofMaxSize(60);
    }

    @Property(tries = 300)
    void usageIsTheSumOfTheClaimsAndWithinCapacity(@ForAll("changes") List<Change> changes) {
        LedgerBench bench = cluster();
        for (Change change : changes) {
            apply(bench, change, false);
            bench.assertConsistent();
            bench.assertNothingOverCommitted();
        }
    }

    @Property(tries = 200)
    void noClaimMakesAnOverCommittedProviderWorse(@ForAll("changes") List<Change> changes) {
        LedgerBench bench = cluster();
        for (Change change : changes) {
            List<Provider> before = bench.providers.list();
            apply(bench, change, true);
            bench.assertConsistent();
            if (change.kind() < 5) {
                before.forEach(provider ->
                        assertNoWorse(provider, bench.provider(provider.id().value())));
            }
        }
    }

    private static void assertNoWorse(Provider before, Provider after) {
        after.used().forEach((resource, used) -> {
            boolean fits = after.free(resource) >= 0;
            long was = before.used().getOrDefault(resource, 0L);
            assertTrue(fits || used <= was, () -> resource + " of " + after + ", before " + before);
        });
    }

    @Property(tries = 30)
    void twoThreadsLeaveWhatSomeOrderOfTheirChangesLeaves(
            @ForAll("changes") List<Change> one, @ForAll("changes") List<Change> other) throws InterruptedException {
        LedgerBench bench = cluster();
        CountDownLatch ready = new CountDownLatch(2);
        AtomicInteger failures = new AtomicInteger();
        List<Thread> threads = List.of(one, other).stream()
                .map(changes -> new Thread(() -> {
                    ready.countDown();
                    awaitAll(ready);
                    try {
                        changes.forEach(change -> apply(bench, change, false));
                    } catch (RuntimeException e) {
                        failures.incrementAndGet();
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertEquals(0, failures.get());
        bench.assertConsistent();
        bench.assertNothingOverCommitted();
    }

    @Test
    void of100RacersForRoomFor60Exactly60Win() throws InterruptedException {
        LedgerBench bench = new LedgerBench();
        bench.register(H1, 60, 100, 100, new AllocationRatios(1.0, 1.0, 1.0));
        AtomicInteger won = new AtomicInteger();
        CountDownLatch ready = new CountDownLatch(100);
        List<Thread> racers = IntStream.range(0, 100)
                .mapToObj(n -> new Thread(() -> {
                    ready.countDown();
                    awaitAll(ready);
                    if (bench.claim("racer-" + n, H1, need(1, 1, 0)).isEmpty()) {
                        won.incrementAndGet();
                    }
                }))
                .toList();
        racers.forEach(Thread::start);
        for (Thread racer : racers) {
            racer.join();
        }

        assertEquals(60, won.get());
        assertEquals(60, bench.host(H1).usage().instances());
        bench.assertConsistent();
    }

    /** Two hosts that share a pool; the first one has GPUs. */
    private static LedgerBench cluster() {
        LedgerBench bench = new LedgerBench();
        bench.register(H1, 4, 1, 1, new AllocationRatios(2.0, 1.0, 1.0));
        bench.register(H2, 3, 1, 1, new AllocationRatios(1.5, 1.25, 1.0));
        bench.providers.put(ProviderSpec.builder(ProviderId.of("h1:gpus"))
                .parent(ProviderId.of(H1))
                .inventory(GPU, Inventory.of(3))
                .build());
        bench.aggregate("rack");
        bench.providers.put(ProviderSpec.builder(ProviderId.of("pool"))
                .traits(Provider.SHARES_VIA_AGGREGATE)
                .aggregates("rack")
                .inventory(ResourceClass.DISK_MB, Inventory.of(12))
                .build());
        bench.providers.setAggregates(ProviderId.of(H1), Set.of("rack"));
        bench.providers.setAggregates(ProviderId.of(H2), Set.of("rack"));
        return bench;
    }

    private static void apply(LedgerBench bench, Change change, boolean force) {
        switch (change.kind()) {
            case 0, 1 -> {
                Demand.Group gpus = Demand.Group.of(Map.of(GPU, (long) change.gpus()));
                Need need = need(change.vcpus(), 100L * change.memory(), change.disk());
                List<Demand.Group> groups = change.gpus() == 0 ? List.of() : List.of(gpus);
                bench.claim(change.instance(), change.host(), new Demand(need, groups, false, false));
            }
            case 2 -> bench.release(change.instance(), change.host());
            case 3 -> bench.state.change(tx -> bench.ledger.releaseAll(tx, change.migration()));
            case 4 -> ignoringConflicts(() -> bench.pass(change.instance(), change.migration(), change.host()));
            case 5 -> inventory(bench, change.host().value(), ResourceClass.VCPU, change.vcpus(), force);
            case 6 -> inventory(bench, "pool", ResourceClass.DISK_MB, change.disk(), force);
            default -> inventory(bench, "h1:gpus", GPU, change.gpus(), force);
        }
    }

    private static void inventory(LedgerBench bench, String id, ResourceClass resource, long total, boolean force) {
        ignoringConflicts(() -> bench.providers.setInventory(ProviderId.of(id), resource, Inventory.of(total), force));
    }

    private static void ignoringConflicts(Runnable change) {
        try {
            change.run();
        } catch (Conflict e) {
            assertTrue(e.code().equals("CONFLICT"), e::getMessage);
        }
    }

    private static void awaitAll(CountDownLatch ready) {
        try {
            ready.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
