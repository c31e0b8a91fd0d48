package io.gantry.core.quota;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.core.state.State;
import io.gantry.core.store.InMemoryStore;
import io.gantry.error.InvalidRequest;
import io.gantry.identity.ProjectId;
import io.gantry.identity.UserId;
import io.gantry.quota.QuotaExceeded;
import io.gantry.quota.QuotaResource;
import io.gantry.quota.Quotas;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
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

/** What is charged, to whom, and what is refused. */
final class QuotaBookTest {
    private static final ProjectId P = ProjectId.of("p");
    private static final ProjectId Q = ProjectId.of("q");
    private static final UserId ANN = UserId.of("ann");
    private static final UserId BOB = UserId.of("bob");

    private final State state = new State(InMemoryStore.create(), new Random(1));
    private final QuotaBook book = new QuotaBook(state, Map.of());
    private final Quotas quotas = book.quotas();

    private void charge(String consumer, ProjectId project, UserId user, Map<String, Long> amounts) {
        state.change(tx -> book.charge(tx, consumer, project, user, amounts));
    }

    private void release(String consumer) {
        state.change(tx -> book.release(tx, consumer));
    }

    private static Map<String, Long> instance(long cores, long ram) {
        return Map.of("instances", 1L, "cores", cores, "ram", ram);
    }

    private long used(QuotaResource resource) {
        return quotas.usage(P).getOrDefault(resource, 0L);
    }

    private void assertConsistent() {
        assertEquals(List.of(), state.transact(tx -> book.recount(tx, false)));
    }

    @Test
    void aChargeCountsForTheProjectAndForTheUserInIt() {
        charge("instance:1", P, ANN, instance(2, 1024));
        charge("instance:2", P, BOB, instance(3, 512));
        charge("instance:3", Q, ANN, instance(1, 1));

        assertEquals(
                Map.of(
                        QuotaResource.INSTANCES, 2L,
                        QuotaResource.CORES, 5L,
                        QuotaResource.RAM, 1536L,
                        QuotaResource.SERVER_GROUPS, 0L),
                quotas.usage(P));
        assertEquals(2L, quotas.usage(P, ANN).get(QuotaResource.CORES));
        assertEquals(1L, quotas.usage(Q, ANN).get(QuotaResource.CORES));
    }

    @Test
    void chargingTwiceIsChargingOnceAndReleasingTwiceReleasingOnce() {
        charge("instance:1", P, ANN, instance(2, 1024));
        charge("instance:1", P, ANN, instance(2, 1024));
        assertEquals(1, used(QuotaResource.INSTANCES));

        release("instance:1");
        release("instance:1");
        assertEquals(0, used(QuotaResource.INSTANCES));
        assertEquals(Optional.empty(), state.transact(tx -> book.charged(tx, "instance:1")));
        assertConsistent();
    }

    @Test
    void theRefusalNamesOwnerResourceLimitUsedAndAsked() {
        quotas.set(P, Map.of(QuotaResource.CORES, 5L), false);
        charge("instance:1", P, ANN, instance(3, 1));

        QuotaExceeded refusal = assertThrows(QuotaExceeded.class, () -> charge("instance:2", P, ANN, instance(3, 1)));

        assertEquals("cores", refusal.quota());
        assertEquals(5, refusal.limit());
        assertEquals(3, refusal.used());
        assertEquals(3, refusal.asked());
        assertEquals(Optional.of(P.ref()), refusal.resource());
        assertEquals(1, used(QuotaResource.INSTANCES), "nothing of the refused one is left");
        assertConsistent();
    }

    @Test
    void onlyWhatComesOnTopIsComparedWithTheLimit() {
        quotas.set(P, Map.of(QuotaResource.CORES, 10L), false);
        charge("instance:1", P, ANN, instance(8, 1));

        charge("instance:1", P, ANN, instance(10, 1));
        QuotaExceeded refusal = assertThrows(QuotaExceeded.class, () -> charge("instance:1", P, ANN, instance(11, 1)));
        assertEquals(1, refusal.asked());
        assertEquals(10, used(QuotaResource.CORES));
    }

    @Test
    void whatIsGivenBackIsAcceptedAboveTheLimit() {
        charge("instance:1", P, ANN, instance(8, 100));
        quotas.set(P, Map.of(QuotaResource.CORES, 2L), true);

        charge("instance:1", P, ANN, instance(8, 50));
        charge("instance:1", P, ANN, instance(5, 50));
        assertThrows(QuotaExceeded.class, () -> charge("instance:1", P, ANN, instance(6, 50)));
        charge("instance:1", P, ANN, Map.of());
        assertEquals(0, used(QuotaResource.INSTANCES));
        assertConsistent();
    }

    @Test
    void aLimitOfZeroForbidsAndMinusOneAllowsEverything() {
        quotas.set(P, Map.of(QuotaResource.CORES, 0L, QuotaResource.INSTANCES, -1L, QuotaResource.RAM, -1L), false);

        assertThrows(QuotaExceeded.class, () -> charge("instance:1", P, ANN, instance(1, 1)));
        charge("instance:1", P, ANN, instance(0, Long.MAX_VALUE / 2));
        quotas.set(P, Map.of(QuotaResource.CORES, -1L), false);
        charge("instance:2", P, ANN, instance(1_000_000, 1));
    }

    @Test
    void anAmountBeyondAllNumbersIsRefusedToo() {
        charge("instance:1", P, ANN, instance(1, 1));

        assertThrows(QuotaExceeded.class, () -> charge("instance:2", P, ANN, instance(1, Long.MAX_VALUE)));
    }

    @Test
    void aUsersOwnLimitHoldsBesideTheProjects() {
        quotas.set(P, Map.of(QuotaResource.INSTANCES, 3L), false);
        quotas.set(P, ANN, Map.of(QuotaResource.INSTANCES, 1L), false);
        charge("instance:1", P, ANN, instance(1, 1));

        QuotaExceeded ann = assertThrows(QuotaExceeded.class, () -> charge("instance:2", P, ANN, instance(1, 1)));
        assertEquals(Optional.of(ANN.ref()), ann.resource());
        charge("instance:3", P, BOB, instance(1, 1));
        charge("instance:4", P, BOB, instance(1, 1));
        QuotaExceeded bob = assertThrows(QuotaExceeded.class, () -> charge("instance:5", P, BOB, instance(1, 1)));
        assertEquals(Optional.of(P.ref()), bob.resource());
    }

    @Test
    void keyPairsAreAddedUpForTheUserAcrossProjects() {
        quotas.set(Q, Map.of(QuotaResource.KEY_PAIRS, 1L), false);
        charge("keypair:ann/1", P, ANN, Map.of("key_pairs", 1L));

        assertThrows(QuotaExceeded.class, () -> charge("keypair:ann/2", Q, ANN, Map.of("key_pairs", 1L)));
        charge("keypair:bob/1", Q, BOB, Map.of("key_pairs", 1L));
        assertEquals(1L, quotas.usage(Q, ANN).get(QuotaResource.KEY_PAIRS));
    }

    @Test
    void limitsPerRequestAreComparedAndNotAddedUp() {
        state.change(tx -> book.check(tx, P, ANN, Map.of("metadata_items", 128L)));
        state.change(tx -> book.check(tx, P, ANN, Map.of("metadata_items", 128L)));

        QuotaExceeded refusal = assertThrows(
                QuotaExceeded.class, () -> state.change(tx -> book.check(tx, P, ANN, Map.of("metadata_items", 129L))));
        assertEquals("metadata_items", refusal.quota());
        assertThrows(
                QuotaExceeded.class,
                () -> state.change(tx -> book.check(tx, P, ANN, Map.of("server_group_members", 11L))));
    }

    @Test
    void aCheckChargesNothing() {
        state.change(tx -> book.check(tx, P, ANN, instance(20, 1)));

        assertThrows(QuotaExceeded.class, () -> state.change(tx -> book.check(tx, P, ANN, instance(21, 1))));
        assertEquals(0, used(QuotaResource.CORES));
    }

    @Test
    void howManyFitIsWhatTheTightestLimitLeaves() {
        charge("instance:1", P, ANN, instance(4, 1024));

        assertEquals(5, fit(3, 1));
        assertEquals(9, fit(1, 1));
        assertEquals(2, fit(1, 20_000));
        assertEquals(7, state.<Long>transact(tx -> book.howManyFit(tx, P, ANN, instance(1, 1), 7)));
        quotas.set(P, ANN, Map.of(QuotaResource.CORES, 5L), false);
        assertEquals(0, fit(2, 1));
    }

    private long fit(long cores, long ram) {
        return state.<Long>transact(tx -> book.howManyFit(tx, P, ANN, instance(cores, ram), 100));
    }

    @Test
    void aConsumerThatChangesHandsIsChargedToTheNewOwnerOnly() {
        charge("instance:1", P, ANN, instance(2, 1));
        charge("instance:1", Q, BOB, instance(2, 1));

        assertEquals(0, used(QuotaResource.CORES));
        assertEquals(2L, quotas.usage(Q, BOB).get(QuotaResource.CORES));
        assertConsistent();
    }

    @Test
    void ofFiftyRacersAtALimitOfTenExactlyTenWin() throws InterruptedException {
        AtomicInteger won = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        CountDownLatch ready = new CountDownLatch(50);
        List<Thread> racers = IntStream.range(0, 50)
                .mapToObj(n -> new Thread(() -> {
                    ready.countDown();
                    awaitAll(ready);
                    try {
                        charge("instance:" + n, P, n % 2 == 0 ? ANN : BOB, instance(1, 1));
                        won.incrementAndGet();
                    } catch (QuotaExceeded e) {
                        refused.incrementAndGet();
                    }
                }))
                .toList();
        racers.forEach(Thread::start);
        for (Thread racer : racers) {
            racer.join();
        }

        assertEquals(10, won.get());
        assertEquals(40, refused.get());
        assertEquals(10, used(QuotaResource.INSTANCES));
        assertEquals(
                10, state.<Integer>transact(tx -> state.quotaCharges().all(tx).size()), "losers leave nothing");
        assertConsistent();
    }

    private static void awaitAll(CountDownLatch ready) {
        try {
            ready.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aRecountFindsAndRepairsWhatOthersDidToTheStore() {
        charge("instance:1", P, ANN, instance(2, 1));
        state.change(tx ->
                state.quotaCharges().all(tx).forEach(row -> state.quotaCharges().delete(tx, row)));

        List<QuotaBook.Drift> drifts = state.transact(tx -> book.recount(tx, true));

        assertEquals(6, drifts.size(), "three resources, each for the project and for the user in it");
        assertTrue(drifts.contains(new QuotaBook.Drift("project:p", "cores", 2, 0)));
        assertConsistent();
        assertEquals(0, used(QuotaResource.CORES));
    }

    @Test
    void wrongNamesAndAmountsAreRefused() {
        assertThrows(InvalidRequest.class, () -> charge("x", P, ANN, Map.of("gpus", 1L)));
        assertThrows(IllegalArgumentException.class, () -> charge("x", P, ANN, Map.of("cores", -1L)));
        assertThrows(InvalidRequest.class, () -> new QuotaBook(state, Map.of(QuotaResource.CORES, -2L)));
    }

    /** One change of the book. */
    private record Change(int kind, int consumer, ProjectId project, UserId user, long amount) {}

    @Provide
    Arbitrary<List<Change>> changes() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.of(P, Q),
                        Arbitraries.of(ANN, BOB),
                        Arbitraries.longs().between(0, 12))
                .as(Change::new)
                .list()
                .ofMaxSize(50);
    }

    @Property(tries = 200)
    void sumsAreThoseOfTheChargesAndNoChargeGetsPastALimit(@ForAll("changes") List<Change> changes) {
        State own = new State(InMemoryStore.create(), new Random(1));
        QuotaBook tried = new QuotaBook(own, Map.of());
        for (Change change : changes) {
            long before = tried.quotas().usage(change.project()).getOrDefault(QuotaResource.CORES, 0L);
            try {
                own.change(tx -> {
                    switch (change.kind()) {
                        case 0 -> tried.release(tx, "c" + change.consumer());
                        default ->
                            tried.charge(
                                    tx,
                                    "c" + change.consumer(),
                                    change.project(),
                                    change.user(),
                                    Map.of("cores", change.amount()));
                    }
                });
            } catch (QuotaExceeded e) {
                assertEquals(before, tried.quotas().usage(change.project()).get(QuotaResource.CORES));
            }
            assertEquals(List.of(), own.transact(tx -> tried.recount(tx, false)));
            assertTrue(tried.quotas().usage(change.project()).getOrDefault(QuotaResource.CORES, 0L) <= 20);
        }
    }
}
