package io.gantry.tck;

import static io.gantry.tck.DriverBench.assertPower;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.error.ComputeException;
import io.gantry.error.Conflict;
import io.gantry.error.InvalidState;
import io.gantry.error.NotFound;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.migration.MigrationStatistics;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.DriverCapability;
import io.gantry.spi.driver.GuestEvent.Kind;
import io.gantry.spi.driver.MigrationJob;
import io.gantry.spi.driver.MigrationOffer;
import io.gantry.spi.driver.MigrationSource;
import io.gantry.spi.driver.MigrationTarget;
import io.gantry.spi.driver.MigrationTicket;
import io.gantry.spi.driver.MigrationTuning;
import io.gantry.tck.DriverBench.Host;
import io.gantry.unit.Bandwidth;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The part of the driver contract that is about live migration; skipped without the capability. */
abstract class MigrationSpecifications extends LayoutSpecifications {
    private static final MigrationTuning FAST = new MigrationTuning(Duration.ofMillis(500), new Bandwidth(0));
    private static final MigrationTuning SLOW = new MigrationTuning(Duration.ofMillis(1), Bandwidth.mibPerSecond(1));

    MigrationSpecifications() {}

    @Test
    @DisplayName("migration: both halves are there exactly if the driver claims the capability")
    void halvesMatchTheCapability() {
        boolean claimed = bench().can(DriverCapability.LIVE_MIGRATION);
        assertEquals(claimed, bench().connection().migrationSource().isPresent(), "source");
        assertEquals(claimed, bench().connection().migrationTarget().isPresent(), "target");
    }

    @Test
    @DisplayName("migration: an unknown guest is not found, one that is off is in a wrong state")
    void offerNeedsGuestThatIsOn() {
        bench().need(DriverCapability.LIVE_MIGRATION);
        assertThrows(NotFound.class, () -> source().offer(InstanceId.random()));
        InstanceId off = bench().created();
        assertThrows(InvalidState.class, () -> source().offer(off));
    }

    @Test
    @DisplayName("migration: a good target refuses nothing, and asking changes nothing")
    void goodTargetRefusesNothing() {
        Host target = bench().target();
        InstanceId id = bench().running();
        MigrationOffer offer = source().offer(id);
        assertEquals(id, offer.guest());
        assertTrue(
                target(target).refusals(offer).isEmpty(),
                () -> "refusals: " + target(target).refusals(offer));
        assertTrue(target.connection().guest(id).isEmpty());
        assertPower(bench().host(), id, PowerState.RUNNING);
    }

    @Test
    @DisplayName("migration: a running guest moves: nothing at the source, running at the target, downtime told")
    void runningGuestMoves() throws InterruptedException {
        Host target = bench().target();
        InstanceId id = bench().running();
        MigrationJob job = begin(target, id, FAST);
        awaitEnd(job);
        assertTrue(bench().connection().guest(id).isEmpty(), "the source still has it");
        assertPower(target, id, PowerState.RUNNING);

        MigrationStatistics statistics = job.statistics();
        assertTrue(statistics.downtime().isPresent(), "no downtime told");
        assertFalse(statistics.downtime().get().isNegative(), "downtime");
        assertTrue(statistics.memoryTotal() > 0, "memory total");
        assertFalse(statistics.elapsed().isNegative(), "elapsed");
        assertTrue(job.await(Duration.ZERO), "an ended job says so again");
        bench().awaitEvents(bench().host(), id, Kind.STARTED, Kind.STOPPED);
        bench().awaitEvents(target, id, Kind.STARTED);

        // It is the target's now, as if it had been made there: verbs work, and nothing of the migration is left.
        target(target).abandon(bench().context(), id);
        assertPower(target, id, PowerState.RUNNING);
        target.connection().powerOffGuest(bench().context(), id);
        target.connection().startGuest(bench().context(), id);
        bench().awaitPower(target, id, PowerState.RUNNING);
    }

    @Test
    @DisplayName("migration: a guest moves there and back")
    void guestMovesThereAndBack() throws InterruptedException {
        Host target = bench().target();
        InstanceId id = bench().running();
        awaitEnd(begin(target, id, FAST));
        MigrationSource back = target.connection().migrationSource().orElseThrow();
        MigrationOffer offer = back.offer(id);
        MigrationTarget home = target(bench().host());
        assertTrue(home.refusals(offer).isEmpty(), () -> "refusals: " + home.refusals(offer));
        awaitEnd(back.start(bench().context(), offer, home.prepare(bench().context(), offer), FAST));
        assertPower(bench().host(), id, PowerState.RUNNING);
        assertTrue(target.connection().guest(id).isEmpty(), "the first target still has it");
    }

    @Test
    @DisplayName("migration: a paused guest arrives paused, and runs again when asked")
    void pausedGuestArrivesPaused() throws InterruptedException {
        bench().need(DriverCapability.PAUSE);
        Host target = bench().target();
        InstanceId id = bench().running();
        bench().connection().pauseGuest(bench().context(), id);
        awaitEnd(begin(target, id, FAST));
        assertTrue(bench().connection().guest(id).isEmpty(), "the source still has it");
        assertPower(target, id, PowerState.PAUSED);
        target.connection().unpauseGuest(bench().context(), id);
        assertPower(target, id, PowerState.RUNNING);
    }

    @Test
    @DisplayName("migration: aborted, the guest goes on at the source, and after abandon the target has nothing")
    void abortLeavesTheGuestAtItsSource() {
        Host target = bench().target();
        InstanceId id = bench().running();
        MigrationJob job = begin(target, id, SLOW);
        job.abort();
        assertThrows(ComputeException.class, () -> job.await(bench().scaled(30)));
        job.abort();
        target(target).abandon(bench().context(), id);
        assertTrue(target.connection().guest(id).isEmpty(), "the target still has it");
        bench().awaitPower(bench().host(), id, PowerState.RUNNING);
        target(target).abandon(bench().context(), id);
        assertPower(bench().host(), id, PowerState.RUNNING);
    }

    @Test
    @DisplayName("migration: what was prepared and never used is abandoned; the guest at the source is not touched")
    void preparedTargetIsAbandoned() throws InterruptedException {
        Host target = bench().target();
        InstanceId id = bench().running();
        MigrationOffer offer = source().offer(id);
        target(target).prepare(bench().context(), offer);
        target(target).prepare(bench().context(), offer);
        target.connection()
                .guest(id)
                .ifPresent(guest -> assertEquals(PowerState.NOSTATE, guest.power(), "it does not run there yet"));
        target(target).abandon(bench().context(), id);
        target(target).abandon(bench().context(), id);
        assertTrue(target.connection().guest(id).isEmpty(), "the target still has it");
        assertPower(bench().host(), id, PowerState.RUNNING);
        awaitEnd(begin(target, id, FAST));
        assertPower(target, id, PowerState.RUNNING);
    }

    @Test
    @DisplayName("migration: the guest's epoch moves with it; a start of a lower one is refused")
    void epochMovesWithTheGuest() throws InterruptedException {
        assumeTrue(bench().fixture().keepsEpochs(), "the driver keeps no epochs");
        Host target = bench().target();
        InstanceId id = bench().running();
        CallContext current = bench().context(OperationId.random(), 5);
        CallContext stale = bench().context(OperationId.random(), 4);
        connection().fence(current, id);
        MigrationOffer offer = source().offer(id);
        MigrationTicket ticket = target(target).prepare(current, offer);
        assertThrows(Conflict.class, () -> source().start(stale, offer, ticket, FAST));
        awaitEnd(source().start(current, offer, ticket, FAST));
        assertThrows(Conflict.class, () -> target.connection().powerOffGuest(stale, id));
        assertPower(target, id, PowerState.RUNNING);
        target.connection().powerOffGuest(current, id);
        assertPower(target, id, PowerState.SHUTDOWN);
    }

    private MigrationJob begin(Host target, InstanceId id, MigrationTuning tuning) {
        MigrationOffer offer = source().offer(id);
        MigrationTicket ticket = target(target).prepare(bench().context(), offer);
        return source().start(bench().context(), offer, ticket, tuning);
    }

    private void awaitEnd(MigrationJob job) throws InterruptedException {
        assertTrue(job.await(bench().scaled(60)), () -> "the migration goes on: " + job.statistics());
    }

    private MigrationSource source() {
        return bench().connection().migrationSource().orElseThrow();
    }

    private static MigrationTarget target(Host host) {
        return host.connection().migrationTarget().orElseThrow();
    }
}
