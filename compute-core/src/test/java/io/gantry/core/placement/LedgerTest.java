package io.gantry.core.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.core.state.ClaimRow;
import io.gantry.core.state.HostRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.core.store.InMemoryStore;
import io.gantry.host.AllocationRatios;
import io.gantry.host.HostId;
import io.gantry.host.HostInventory;
import io.gantry.host.HostUsage;
import io.gantry.placement.Verdict;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
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

/** Usage is the sum of the claims, and capacity is never exceeded. */
final class LedgerTest {
    private static final HostId H1 = HostId.of("h1");
    private static final HostId H2 = HostId.of("h2");

    private final State state = new State(InMemoryStore.create(), new Random(1));
    private final Ledger ledger = new Ledger(state);

    /** One change of the ledger. */
    private record Change(int kind, int consumer, HostId host, Need need) {}

    @Provide
    Arbitrary<List<Change>> changes() {
        Arbitrary<Need> needs = Combinators.combine(
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.longs().between(0, 5),
                        Arbitraries.longs().between(0, 30))
                .as((vcpus, gib, disk) -> new Need(vcpus, MemorySize.gib(gib), DiskSize.gib(disk)));
        return Combinators.combine(
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.of(H1, H2),
                        needs)
                .as(Change::new)
                .list()
                .ofMaxSize(60);
    }

    @Property(tries = 300)
    void usageIsTheSumOfTheClaimsAndWithinCapacity(@ForAll("changes") List<Change> changes) {
        register(H1, 4, 8, 50, AllocationRatios.DEFAULT);
        register(H2, 2, 4, 20, new AllocationRatios(1.5, 1.25, 1.0));

        for (Change change : changes) {
            String consumer = "instance:" + change.consumer();
            state.change(tx -> {
                switch (change.kind()) {
                    case 0 -> {
                        if (state.claims()
                                .get(tx, consumer + "@" + change.host())
                                .isEmpty()) {
                            ledger.claim(tx, consumer, change.host(), change.need());
                        }
                    }
                    case 1 -> ledger.release(tx, consumer, change.host());
                    case 2 -> ledger.releaseAll(tx, consumer);
                    default -> {
                        String heir = "migration:" + change.consumer();
                        if (state.claims().get(tx, heir + "@" + change.host()).isEmpty()) {
                            ledger.pass(tx, consumer, heir, change.host());
                        }
                    }
                }
            });
            assertConsistent(H1);
            assertConsistent(H2);
        }
    }

    @Test
    void capacityIsTotalTimesRatioToTheUnit() {
        register(H1, 4, 8, 50, new AllocationRatios(1.5, 1.0, 1.0));

        assertEquals(Optional.of("VCPU"), claim("a", H1, new Need(7, MemorySize.ZERO, DiskSize.ZERO)));
        assertEquals(Optional.empty(), claim("a", H1, new Need(6, MemorySize.ZERO, DiskSize.ZERO)));
        assertEquals(Optional.of("VCPU"), claim("b", H1, new Need(1, MemorySize.ZERO, DiskSize.ZERO)));
        assertEquals(
                Optional.of("MEMORY"),
                claim("b", H1, new Need(0, new MemorySize(MemorySize.gib(8).bytes() + 1), DiskSize.ZERO)));
        assertEquals(Optional.empty(), claim("b", H1, new Need(0, MemorySize.gib(8), DiskSize.ZERO)));
        assertEquals(
                Optional.of("DISK"),
                claim(
                        "c",
                        H1,
                        new Need(
                                0,
                                MemorySize.ZERO,
                                new DiskSize(DiskSize.gib(50).bytes() + 1))));
        assertEquals(Optional.empty(), claim("c", H1, new Need(0, MemorySize.ZERO, DiskSize.gib(50))));
    }

    @Test
    void of100RacersForRoomFor60Exactly60Win() throws InterruptedException {
        register(H1, 60, 100, 100, new AllocationRatios(1.0, 1.0, 1.0));
        AtomicInteger won = new AtomicInteger();
        CountDownLatch ready = new CountDownLatch(100);
        List<Thread> racers = IntStream.range(0, 100)
                .mapToObj(n -> new Thread(() -> {
                    ready.countDown();
                    awaitAll(ready);
                    Need need = new Need(1, MemorySize.mib(1), DiskSize.ZERO);
                    if (claim("racer-" + n, H1, need).isEmpty()) {
                        won.incrementAndGet();
                    }
                }))
                .toList();
        racers.forEach(Thread::start);
        for (Thread racer : racers) {
            racer.join();
        }

        assertEquals(60, won.get());
        assertConsistent(H1);
    }

    private static void awaitAll(CountDownLatch ready) {
        try {
            ready.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<String> claim(String consumer, HostId host, Need need) {
        return state.transact(tx -> ledger.claim(tx, consumer, host, need)).map(Verdict::code);
    }

    private void register(HostId id, int vcpus, int gib, int disk, AllocationRatios ratios) {
        HostInventory inventory = new HostInventory(
                id.value(), "x86_64", "sim", "1", vcpus, MemorySize.gib(gib), DiskSize.gib(disk), Set.of());
        HostRow row = new HostRow(
                id,
                "sim",
                URI.create("sim://" + id),
                Map.of(),
                Optional.empty(),
                inventory,
                ratios,
                new HostUsage(0, 0, MemorySize.ZERO, DiskSize.ZERO));
        state.change(tx -> {
            state.hosts().get(tx, id.value()).ifPresent(old -> state.hosts().delete(tx, old));
            state.claims()
                    .find(tx, "host", id.value())
                    .forEach(claim -> state.claims().delete(tx, claim));
            state.hosts().insert(tx, row);
        });
    }

    private void assertConsistent(HostId id) {
        HostRow row = state.transact(
                tx -> state.hosts().get(tx, id.value()).orElseThrow().value());
        List<ClaimRow> claims = state.transact(tx -> state.claims().find(tx, "host", id.value()).stream()
                .map(Table.Entry::value)
                .toList());
        HostUsage usage = row.usage();
        assertEquals(claims.size(), usage.instances());
        assertEquals(claims.stream().mapToInt(ClaimRow::vcpus).sum(), usage.vcpus());
        assertEquals(
                claims.stream().mapToLong(claim -> claim.memory().bytes()).sum(),
                usage.memory().bytes());
        assertEquals(
                claims.stream().mapToLong(claim -> claim.disk().bytes()).sum(),
                usage.disk().bytes());
        assertTrue(usage.vcpus() <= row.inventory().vcpus() * row.ratios().vcpus());
        assertTrue(usage.memory().bytes()
                <= row.inventory().memory().bytes() * row.ratios().memory());
        assertTrue(usage.disk().bytes()
                <= row.inventory().disk().bytes() * row.ratios().disk());
    }
}
