package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.Compute;
import io.gantry.core.placement.Placer;
import io.gantry.error.ComputeException;
import io.gantry.error.Conflict;
import io.gantry.host.Aggregate;
import io.gantry.host.AggregateSpec;
import io.gantry.host.AggregateUpdate;
import io.gantry.host.Aggregates;
import io.gantry.instance.Instance;
import io.gantry.placement.ProviderId;
import io.gantry.placement.Verdict;
import io.gantry.scheduler.filters.SchedulerDefaults;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes of zones at once: one wins, and no rule is broken. */
final class ZoneRacesTest extends VerbTestBase {
    private void zone(String name) {
        engine.compute()
                .aggregates()
                .create(AggregateSpec.builder(name).zone(name).build());
    }

    /** {@return how many of the calls were made; the others were refused with a conflict} */
    private static int atOnce(List<Runnable> calls) throws InterruptedException {
        CountDownLatch start = new CountDownLatch(1);
        AtomicInteger made = new AtomicInteger();
        List<Throwable> unexpected = new ArrayList<>();
        List<Thread> threads = calls.stream()
                .map(call -> new Thread(() -> {
                    try {
                        start.await();
                        call.run();
                        made.incrementAndGet();
                    } catch (Conflict e) {
                        // The loser.
                    } catch (InterruptedException | RuntimeException e) {
                        synchronized (unexpected) {
                            unexpected.add(e);
                        }
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), unexpected);
        return made.get();
    }

    @RepeatedTest(10)
    void oneOfManyThatPutAHostIntoDifferentZonesWins() throws InterruptedException {
        Compute compute = engine.compute();
        List<Runnable> calls = new ArrayList<>();
        for (int n = 1; n <= 4; n++) {
            String zone = "zone-" + n;
            zone(zone);
            calls.add(() -> compute.aggregates().addHost(zone, h(1)));
            calls.add(() -> compute.providers().setAggregates(ProviderId.of(h(1)), Set.of(zone)));
        }
        // Setting replaces what was there, so that it may also come after another one; adding may not.
        int made = atOnce(calls);

        assertTrue(made >= 4, "all that set, at least: " + made);
        List<Aggregate> with = compute.aggregates().list().stream()
                .filter(aggregate -> aggregate.hosts().contains(h(1)))
                .toList();
        assertEquals(1, with.size());
    }

    @RepeatedTest(10)
    void oneOfTwoThatAddAHostToTwoZonesWins() throws InterruptedException {
        zone("zone-1");
        zone("zone-2");

        assertEquals(
                1,
                atOnce(List.of(
                        () -> engine.compute().aggregates().addHost("zone-1", h(1)),
                        () -> engine.compute().aggregates().addHost("zone-2", h(1)))));
    }

    @RepeatedTest(10)
    void aHostThatIsAddedWhileTheAggregateIsDeletedIsInItOrItIsGone() throws InterruptedException {
        zone("zone-1");
        AtomicInteger refused = new AtomicInteger();

        atOnce(List.of(
                () -> {
                    try {
                        engine.compute().aggregates().addHost("zone-1", h(1));
                    } catch (ComputeException e) {
                        refused.incrementAndGet();
                    }
                },
                () -> engine.compute().aggregates().delete("zone-1")));

        boolean isThere = engine.compute().aggregates().list().size() == 1;
        assertEquals(isThere ? 0 : 1, refused.get());
        assertEquals(
                isThere,
                engine.compute()
                        .providers()
                        .get(ProviderId.of(h(1)))
                        .aggregates()
                        .contains("zone-1"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aHostThatLeavesTheZoneBetweenTheFiltersAndTheClaimIsNotClaimed(boolean byItsAggregate) {
        AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
        List<HostFilter> filters = new ArrayList<>(SchedulerDefaults.filters());
        filters.add(new Meanwhile(meanwhile));
        try (SimEngine other = SimEngine.withFilters(directory.resolve("other"), 2, filters)) {
            Aggregates aggregates = other.compute().aggregates();
            for (int n = 1; n <= 2; n++) {
                aggregates.create(
                        AggregateSpec.builder("of-h" + n).zone("zone-1").build());
                aggregates.addHost("of-h" + n, h(n));
            }
            AggregateUpdate leave = AggregateUpdate.builder().zone("zone-2").build();
            meanwhile.set(
                    byItsAggregate
                            ? () -> aggregates.update("of-h1", leave)
                            : () -> aggregates.removeHost("of-h1", h(1)));

            Instance instance = await(other.compute()
                    .instances()
                    .create(other.spec("web").zone("zone-1").build()));

            assertEquals(Optional.of(h(2)), instance.host());
            String report = other.compute()
                    .instances()
                    .placement(instance.id())
                    .orElseThrow()
                    .toString();
            assertTrue(report.contains(Placer.CLAIM) && report.contains("OTHER_ZONE"), report);
        }
    }

    /** A filter that passes all hosts; something happens once while it is asked about the last one. */
    private record Meanwhile(AtomicReference<Runnable> event) implements HostFilter {
        @Override
        public Verdict test(PlacementRequest request, HostView host) {
            if (host.id().equals(h(2))) {
                event.getAndSet(() -> {}).run();
            }
            return Verdict.pass();
        }
    }
}
