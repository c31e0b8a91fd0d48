package io.gantry.driver.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.HostUnreachable;
import io.gantry.error.HypervisorError;
import io.gantry.error.OutcomeUnknown;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.migration.MigrationStatistics;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.MigrationJob;
import io.gantry.spi.driver.MigrationOffer;
import io.gantry.spi.driver.MigrationSource;
import io.gantry.spi.driver.MigrationTarget;
import io.gantry.spi.driver.MigrationTicket;
import io.gantry.spi.driver.MigrationTuning;
import io.gantry.unit.Bandwidth;
import io.gantry.unit.MemorySize;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Migrations in virtual time, with figures that can be computed by hand. The link carries 100 MiB/s. */
class PrecopyJobTest {
    private static final double MIB = 1 << 20;

    private final Bench bench = new Bench();
    private final HostConnection a = bench.host("sim://a?bandwidth-mib=100");
    private final HostConnection b = bench.host("sim://b?bandwidth-mib=100");

    @AfterEach
    void nothingIsLeft() {
        bench.fleet.hosts().forEach(host -> bench.fleet.host(host).powerOn());
        bench.fleet.hosts().forEach(host -> bench.fleet.host(host).reconnect());
        for (HostConnection host : new HostConnection[] {a, b}) {
            host.guests().forEach(guest -> host.deleteGuest(Bench.context(), guest.id()));
        }
        assertEquals(0, bench.fleet.migrations());
        assertEquals(0, bench.fleet.pages());
        assertEquals(0, bench.fleet.disks());
        bench.close();
    }

    @Test
    void quietGuestMovesInOnePass() throws InterruptedException {
        InstanceId id = bench.running(a, Bench.busy(1024, 50, 0, 0));
        MigrationJob job = Bench.migrate(a, b, id, Bench.PLAIN);
        bench.clock.advance(Duration.ofMillis(250));
        MigrationStatistics half = job.statistics();
        assertEquals(1, half.iteration());
        assertNear(25 * MIB, half.memoryProcessed(), MIB);
        assertNear(25 * MIB, half.memoryRemaining(), MIB);
        assertEquals(PowerState.RUNNING, Bench.power(a, id));
        assertFalse(job.await(Duration.ZERO));

        bench.clock.advance(Duration.ofMillis(251));
        assertTrue(job.await(Duration.ZERO));
        MigrationStatistics end = job.statistics();
        assertNear(1024 * MIB, end.memoryTotal(), 0);
        assertNear(50 * MIB, end.memoryProcessed(), 0);
        assertEquals(0, end.memoryRemaining());
        assertEquals(500, end.elapsed().toMillis());
        assertEquals(Duration.ZERO, end.downtime().orElseThrow());
        assertNear(100 * MIB, end.bandwidth().bytesPerSecond(), MIB);
        assertIntactOn("b", id);
    }

    /**
     * V0 = 100 MiB, B = 100 MiB/s, D = 30 MiB/s over a large working set, so each pass has 0.3 of the one before:
     * 100, 30, 9, 2.7; of these 9 MiB fit into 100 ms. Total (100 + 30 + 9) / 100 = 1.39 s, downtime 90 ms.
     */
    @Test
    void busyGuestConvergesAsTheModelSays() throws InterruptedException {
        InstanceId id = bench.running(a, Bench.busy(8192, 100, 8192, 30));
        MigrationJob job = Bench.migrate(a, b, id, new MigrationTuning(Duration.ofMillis(100), new Bandwidth(0)));
        bench.clock.advance(Duration.ofMillis(1200));
        assertNear(30 * MIB, job.statistics().dirtyRate().bytesPerSecond(), 1.5 * MIB);
        assertEquals(2, job.statistics().iteration());
        bench.clock.advance(Duration.ofSeconds(1));
        assertTrue(job.await(Duration.ZERO));
        MigrationStatistics end = job.statistics();
        assertEquals(3, end.iteration());
        assertNear(1390, end.elapsed().toMillis(), 25);
        assertNear(90, end.downtime().orElseThrow().toMillis(), 5);
        assertNear(139 * MIB, end.memoryProcessed(), 2.5 * MIB);
        assertIntactOn("b", id);
    }

    /** The fixed point of passes over W = 64 MiB with r = D/B = 2 is 0.797 W = 51 MiB: 510 ms, more than 300. */
    @Test
    void guestThatWritesFasterThanTheLinkGoesOnUntilAborted() {
        InstanceId id = bench.running(a, Bench.busy(1024, 64, 64, 200));
        MigrationJob job = Bench.migrate(a, b, id, Bench.PLAIN);
        bench.clock.advance(Duration.ofSeconds(10));
        MigrationStatistics now = job.statistics();
        assertTrue(now.iteration() > 15, () -> "iteration " + now.iteration());
        assertEquals(PowerState.RUNNING, Bench.power(a, id));
        long pass = Long.parseLong(now.other().getOrDefault("pass-pages", "0")) * 4096;
        assertNear(0.797 * 64 * MIB, pass, 2 * MIB);

        job.abort();
        HypervisorError failure = assertThrows(HypervisorError.class, () -> job.await(Duration.ZERO));
        assertTrue(failure.getMessage().contains("aborted"), failure.getMessage());
        assertTrue(job.statistics().downtime().isEmpty());
        assertEquals(PowerState.NOSTATE, b.guest(id).orElseThrow().power());
        target().abandon(Bench.context(), id);
        assertTrue(b.guest(id).isEmpty());
        assertIntactOn("a", id);
    }

    @Test
    void itConvergesOnceTheGuestCalmsDown() throws InterruptedException {
        InstanceId id = bench.running(a, Bench.busy(1024, 64, 64, 200));
        MigrationJob job = Bench.migrate(a, b, id, Bench.PLAIN);
        bench.clock.advance(Duration.ofSeconds(3));
        assertFalse(job.await(Duration.ZERO));
        bench.fleet.guest(id).dirtying(MemorySize.mib(64), Bandwidth.mibPerSecond(10));
        bench.clock.advance(Duration.ofSeconds(2));
        assertTrue(job.await(Duration.ZERO));
        assertTrue(job.statistics().downtime().orElseThrow().toMillis() <= 300);
        assertIntactOn("b", id);
    }

    @Test
    void bandwidthIsBoundedByTheTuning() throws InterruptedException {
        InstanceId id = bench.running(a, Bench.busy(64, 10, 0, 0));
        MigrationJob job =
                Bench.migrate(a, b, id, new MigrationTuning(Duration.ofMillis(300), Bandwidth.mibPerSecond(5)));
        bench.clock.advance(Duration.ofMillis(2001));
        assertTrue(job.await(Duration.ZERO));
        assertEquals(2000, job.statistics().elapsed().toMillis());
        assertNear(5 * MIB, job.statistics().bandwidth().bytesPerSecond(), MIB / 10);
    }

    @Test
    void twoMigrationsShareTheLink() throws InterruptedException {
        InstanceId one = bench.running(a, Bench.busy(64, 50, 0, 0));
        InstanceId two = bench.running(a, Bench.busy(64, 50, 0, 0));
        MigrationJob first = Bench.migrate(a, b, one, Bench.PLAIN);
        MigrationJob second = Bench.migrate(a, b, two, Bench.PLAIN);
        bench.clock.advance(Duration.ofMillis(900));
        assertFalse(first.await(Duration.ZERO) || second.await(Duration.ZERO));
        bench.clock.advance(Duration.ofMillis(150));
        assertTrue(first.await(Duration.ZERO) && second.await(Duration.ZERO));
        assertNear(1000, first.statistics().elapsed().toMillis(), 20);
        assertNear(1000, second.statistics().elapsed().toMillis(), 20);
    }

    @Test
    void pausedGuestArrivesPausedAndGoesOnWritingWhenItRuns() throws InterruptedException {
        InstanceId id = bench.running(a, Bench.busy(1024, 64, 64, 200));
        a.pauseGuest(Bench.context(), id);
        MigrationJob job = Bench.migrate(a, b, id, Bench.PLAIN);
        bench.clock.advance(Duration.ofSeconds(1));
        assertTrue(job.await(Duration.ZERO));
        assertEquals(1, bench.fleet.copies(id).size());
        assertEquals(PowerState.PAUSED, Bench.power(b, id));
        b.unpauseGuest(Bench.context(), id);
        bench.clock.advance(Duration.ofSeconds(1));
        assertIntactOn("b", id);
    }

    @Test
    void pauseDuringTheLastPassIsKept() throws InterruptedException {
        InstanceId id = bench.running(a, Bench.busy(1024, 64, 32, 20));
        MigrationJob job = Bench.migrate(a, b, id, Bench.PLAIN);
        assertTrue(bench.clock.advanceUntil(() -> Bench.power(a, id) == PowerState.PAUSED, Duration.ofSeconds(60)));
        assertEquals("stopped by migration", a.guest(id).orElseThrow().reason());
        a.pauseGuest(Bench.context(), id);
        bench.clock.advance(Duration.ofSeconds(1));
        assertTrue(job.await(Duration.ZERO));
        assertEquals(PowerState.PAUSED, Bench.power(b, id));
    }

    @Test
    void guestThatStandsStillWritesNothing() throws InterruptedException {
        InstanceId id = bench.running(a, Bench.busy(1024, 64, 32, 20));
        MigrationJob job = Bench.migrate(a, b, id, Bench.PLAIN);
        assertTrue(bench.clock.advanceUntil(() -> Bench.power(a, id) == PowerState.PAUSED, Duration.ofSeconds(60)));
        MigrationStatistics stood = job.statistics();
        bench.clock.advance(Duration.ofMillis(30));
        assertTrue(bench.fleet.verify(id).intact());
        MigrationStatistics later = job.statistics();
        assertEquals(stood.iteration(), later.iteration());
        assertEquals(
                stood.memoryProcessed() + stood.memoryRemaining(), later.memoryProcessed() + later.memoryRemaining());
        bench.clock.advance(Duration.ofSeconds(1));
        assertTrue(job.await(Duration.ZERO), "the last pass is the last one");
        assertIntactOn("b", id);
    }

    @Test
    void abortDuringTheLastPassLetsTheGuestGoOn() {
        InstanceId id = bench.running(a, Bench.busy(1024, 64, 32, 20));
        MigrationJob job = Bench.migrate(a, b, id, Bench.PLAIN);
        assertTrue(bench.clock.advanceUntil(() -> Bench.power(a, id) == PowerState.PAUSED, Duration.ofSeconds(60)));
        job.abort();
        assertEquals(PowerState.RUNNING, Bench.power(a, id));
        int written = a.consoleLog(id, 10_000).length;
        bench.clock.advance(Duration.ofSeconds(5));
        assertTrue(a.consoleLog(id, 10_000).length > written, "its heart beats again");
        target().abandon(Bench.context(), id);
        assertIntactOn("a", id);
    }

    @Test
    void sourceThatLosesPowerTakesTheGuestWithIt() {
        InstanceId id = begun();
        bench.fleet.host("a").powerFail();
        bench.clock.advance(Duration.ofSeconds(5));
        bench.fleet.host("a").powerOn();
        assertEquals(PowerState.CRASHED, Bench.power(a, id));
        target().abandon(Bench.context(), id);
        assertTrue(b.guest(id).isEmpty());
    }

    @Test
    void targetThatLosesPowerLosesNothingOfTheGuest() {
        InstanceId id = begun();
        bench.fleet.host("b").powerFail();
        bench.clock.advance(Duration.ofSeconds(5));
        bench.fleet.host("b").powerOn();
        assertTrue(b.guest(id).isEmpty());
        assertIntactOn("a", id);
    }

    @Test
    void linkThatBreaksLeavesTheGuestAtItsSource() throws InterruptedException {
        InstanceId id = bench.running(a, Bench.busy(1024, 64, 64, 200));
        MigrationJob job = Bench.migrate(a, b, id, Bench.PLAIN);
        bench.clock.advance(Duration.ofMillis(500));
        bench.fleet.host("a").disconnect();
        bench.clock.advance(Duration.ofSeconds(5));
        assertThrows(OutcomeUnknown.class, () -> job.await(Duration.ZERO));
        bench.fleet.host("a").reconnect();
        assertThrows(HypervisorError.class, () -> job.await(Duration.ZERO));
        target().abandon(Bench.context(), id);
        assertIntactOn("a", id);
    }

    @Test
    void answerIsLostIfTheSourceGoesAwayAfterTheSwitch() throws InterruptedException {
        InstanceId id = bench.running(a, Bench.busy(64, 10, 0, 0));
        MigrationJob job = Bench.migrate(a, b, id, Bench.PLAIN);
        bench.clock.advance(Duration.ofSeconds(1));
        bench.fleet.host("a").powerFail();
        assertThrows(OutcomeUnknown.class, () -> job.await(Duration.ZERO));
        assertIntactOn("b", id);
        bench.fleet.host("a").powerOn();
        assertTrue(job.await(Duration.ZERO));
        assertTrue(a.guest(id).isEmpty());
    }

    /** The last look before the switch: hosts may go between the slice's own look and the hand-over. */
    @Test
    void hostThatHasJustGoneTakesNoGuestOver() {
        InstanceId id = bench.running(a, Bench.busy(64, 10, 0, 0));
        HostNode source = bench.fleet.node("a");
        HostNode target = bench.fleet.node("b");
        Guest guest = Objects.requireNonNull(source.find(id));
        for (HostNode gone : new HostNode[] {source, target}) {
            MigrationOffer offer = a.migrationSource().orElseThrow().offer(id);
            target().prepare(Bench.context(), offer);
            Incoming incoming = Objects.requireNonNull(target.arriving().get(id));
            gone.gate().network(false);
            guest.lock.lock();
            try {
                assertEquals("a host lost its network", target.accept(guest, incoming, source));
            } finally {
                guest.lock.unlock();
            }
            gone.gate().network(true);
            assertEquals(PowerState.NOSTATE, b.guest(id).orElseThrow().power());
            assertIntactOn("a", id);
        }
        target().abandon(Bench.context(), id);
    }

    @Test
    void abandonedTargetEndsTheJob() {
        InstanceId id = begun();
        target().abandon(Bench.context(), id);
        assertTrue(b.guest(id).isEmpty());
        bench.clock.advance(Duration.ofSeconds(1));
        assertEquals(0, bench.fleet.migrations());
        assertIntactOn("a", id);
    }

    @Test
    void guestThatEndsEndsTheJob() {
        InstanceId id = begun();
        bench.fleet.guest(id).crash();
        assertEquals(0, bench.fleet.migrations());
        assertEquals(PowerState.CRASHED, Bench.power(a, id));
    }

    @Test
    void deletedGuestEndsTheJob() {
        InstanceId id = begun();
        a.deleteGuest(Bench.context(), id);
        assertEquals(0, bench.fleet.migrations());
        assertTrue(bench.fleet.copies(id).isEmpty());
    }

    @Test
    void startRepeatedWithTheSameTicketIsTheSameJob() {
        InstanceId id = bench.running(a, Bench.busy(64, 10, 0, 0));
        MigrationSource source = a.migrationSource().orElseThrow();
        MigrationOffer offer = source.offer(id);
        MigrationTicket ticket = target().prepare(Bench.context(), offer);
        MigrationJob job = source.start(Bench.context(), offer, ticket, Bench.PLAIN);
        assertSame(job, source.start(Bench.context(), offer, ticket, Bench.PLAIN));
        job.abort();
        assertThrows(HypervisorError.class, () -> source.start(Bench.context(), offer, ticket, Bench.PLAIN));
        target().abandon(Bench.context(), id);
        assertThrows(HypervisorError.class, () -> source.start(Bench.context(), offer, ticket, Bench.PLAIN));
    }

    @Test
    void closedFleetEndsItsJobs() {
        InstanceId id = bench.running(a, Bench.busy(64, 10, 0, 0));
        MigrationJob job = Bench.migrate(a, b, id, Bench.PLAIN);
        bench.fleet.close();
        assertEquals(0, bench.fleet.migrations());
        assertThrows(OutcomeUnknown.class, () -> job.await(Duration.ZERO));
        assertThrows(HostUnreachable.class, a::guests);
    }

    private static void assertNear(double expected, long actual, double tolerance) {
        assertEquals(expected, (double) actual, tolerance);
    }

    private InstanceId begun() {
        InstanceId id = bench.running(a, Bench.busy(1024, 64, 64, 200));
        Bench.migrate(a, b, id, Bench.PLAIN);
        bench.clock.advance(Duration.ofMillis(700));
        assertEquals(1, bench.fleet.migrations());
        return id;
    }

    private MigrationTarget target() {
        return b.migrationTarget().orElseThrow();
    }

    private void assertIntactOn(String host, InstanceId id) {
        SimGuest guest = bench.fleet.guest(id);
        assertEquals(host, guest.host().orElseThrow());
        assertEquals(PowerState.RUNNING, guest.power());
        PageReport report = guest.verify();
        assertTrue(report.intact(), report::toString);
        assertTrue(report.checked() > 0, "nothing was compared");
    }
}
