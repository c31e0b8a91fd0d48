package io.gantry.driver.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.ComputeException;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.MigrationJob;
import io.gantry.spi.driver.MigrationTuning;
import io.gantry.spi.driver.RescueSpec;
import io.gantry.unit.Bandwidth;
import io.gantry.unit.MemorySize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

/**
 * Whatever is done and whatever fails, in any order: each guest is on exactly one host, at most one copy of it runs, and
 * each page of its memory and each block of its disk is there as the guest wrote it last.
 */
class FleetPropertyTest {
    private static final int HOSTS = 3;
    private static final int GUESTS = 2;

    /** One step, with numbers that choose what it is about. */
    record Step(Kind kind, int guest, int host, int amount) {}

    enum Kind {
        START,
        POWER_OFF,
        PAUSE,
        UNPAUSE,
        REQUEST_SHUTDOWN,
        REQUEST_REBOOT,
        CRASH,
        DIRTY,
        ADVANCE,
        MIGRATE,
        ABORT,
        ABANDON,
        CUT_POWER,
        CUT_NETWORK,
        RESTORE,
        VERIFY,
        SUSPEND,
        RESUME,
        RESCUE,
        UNRESCUE,
        WRITE_DISK,
        COPY_DISK,
        RESTORE_DISK
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        // Migration and time come often, so that most runs are in the midst of a migration when something happens.
        Arbitrary<Kind> kinds = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.of(Kind.MIGRATE)),
                Tuple.of(8, Arbitraries.of(Kind.ADVANCE)),
                Tuple.of(3, Arbitraries.of(Kind.START, Kind.RESTORE)),
                Tuple.of(12, Arbitraries.of(Kind.class)));
        return Combinators.combine(
                        kinds,
                        Arbitraries.integers().between(0, GUESTS - 1),
                        Arbitraries.integers().between(0, HOSTS - 1),
                        Arbitraries.integers().between(0, 300))
                .as(Step::new)
                .list()
                .ofMinSize(5)
                .ofMaxSize(60);
    }

    @Property(tries = 300)
    @StatisticsReport(label = "succeeded", value = StatisticsReport.StatisticsReportMode.OFF)
    @StatisticsReport(label = "failed", value = StatisticsReport.StatisticsReportMode.OFF)
    void everyGuestIsOnOneHostWithAllItsPages(@ForAll("steps") List<Step> steps) {
        try (World world = new World()) {
            for (Step step : steps) {
                world.run(step);
                world.check();
            }
            world.settle();
            Statistics.label("succeeded")
                    .collect(world.succeeded > 0)
                    .coverage(moves -> moves.check(true).percentage(percent -> percent > 20));
            Statistics.label("failed")
                    .collect(world.failed > 0)
                    .coverage(moves -> moves.check(true).percentage(percent -> percent > 20));
        }
    }

    private static final class World implements AutoCloseable {
        final Bench bench = new Bench();
        final List<HostConnection> hosts = Stream.of("a", "b", "c")
                .map(name -> bench.host("sim://" + name + "?bandwidth-mib=10"))
                .toList();
        final List<InstanceId> guests = new ArrayList<>();
        final List<MigrationJob> jobs = new ArrayList<>();
        final Map<InstanceId, Long> written = new HashMap<>();
        final Map<InstanceId, Long> copied = new HashMap<>();
        int succeeded;
        int failed;

        World() {
            for (int i = 0; i < GUESTS; i++) {
                guests.add(bench.running(hosts.get(i), Bench.busy(4, 1, 1 + i, 5)));
            }
        }

        void run(Step step) {
            try {
                act(step);
            } catch (ComputeException e) {
                // Many steps meet a guest or host in a state that refuses them: that is part of the interleaving.
                assertTrue(!e.code().equals("UNEXPECTED_FAILURE"), e::toString);
            }
        }

        private void act(Step step) {
            InstanceId id = guests.get(step.guest());
            SimGuest guest = bench.fleet.guest(id);
            String here = guest.host().orElseThrow();
            HostConnection host = bench.host("sim://" + here);
            HostConnection other = hosts.get(step.host());
            SimHost room = bench.fleet.host(List.of("a", "b", "c").get(step.host()));
            switch (step.kind()) {
                case START -> host.startGuest(Bench.context(), id);
                case POWER_OFF -> host.powerOffGuest(Bench.context(), id);
                case PAUSE -> host.pauseGuest(Bench.context(), id);
                case UNPAUSE -> host.unpauseGuest(Bench.context(), id);
                case REQUEST_SHUTDOWN -> host.requestShutdown(Bench.context(), id);
                case REQUEST_REBOOT -> host.requestReboot(Bench.context(), id);
                case CRASH -> guest.crash();
                case DIRTY ->
                    guest.dirtying(MemorySize.mib(step.amount() % 5), Bandwidth.mibPerSecond(step.amount() / 5));
                case ADVANCE -> bench.clock.advance(Duration.ofMillis(step.amount()));
                case MIGRATE ->
                    jobs.add(Bench.migrate(
                            host,
                            other,
                            id,
                            new MigrationTuning(Duration.ofMillis(1 + step.amount() / 3), new Bandwidth(0))));
                case ABORT -> jobs.forEach(MigrationJob::abort);
                case ABANDON -> other.migrationTarget().orElseThrow().abandon(Bench.context(), id);
                case CUT_POWER -> room.powerFail();
                case CUT_NETWORK -> room.disconnect();
                case RESTORE -> {
                    room.powerOn();
                    room.reconnect();
                }
                case VERIFY -> guest.verify();
                case SUSPEND -> host.suspendGuest(Bench.context(), id);
                case RESUME -> host.resumeGuest(Bench.context(), id);
                case RESCUE ->
                    host.rescueGuest(
                            Bench.context(),
                            new RescueSpec(id, bench.spec(id, guest.flavor()).image(), Optional.empty()));
                case UNRESCUE -> host.unrescueGuest(Bench.context(), id);
                case WRITE_DISK -> {
                    guest.disk().write(1, 1 + step.amount());
                    written.put(id, 1L + step.amount());
                }
                case COPY_DISK -> {
                    host.disks().orElseThrow().copy(Bench.context(), id, "copy");
                    copied.putIfAbsent(id, written.getOrDefault(id, 0L));
                }
                case RESTORE_DISK -> {
                    host.disks().orElseThrow().restore(Bench.context(), id, "copy");
                    written.put(id, Objects.requireNonNull(copied.remove(id)));
                }
            }
        }

        void check() {
            for (InstanceId id : guests) {
                assertEquals(1, bench.fleet.copies(id).size(), "copies");
                long there = bench.fleet.hosts().stream()
                        .flatMap(name -> bench.fleet.host(name).guests().stream())
                        .filter(state -> state.id().equals(id) && state.power() != PowerState.NOSTATE)
                        .count();
                assertEquals(1, there, "hosts that have the guest");
                assertEquals(
                        written.getOrDefault(id, 0L),
                        bench.fleet.guest(id).disk().read(1));
            }
        }

        /** Brings everything back, lets the rest happen, and looks at every page. */
        void settle() {
            bench.fleet.hosts().forEach(name -> {
                bench.fleet.host(name).powerOn();
                bench.fleet.host(name).reconnect();
            });
            bench.clock.advance(Duration.ofSeconds(2));
            jobs.forEach(MigrationJob::abort);
            check();
            for (InstanceId id : guests) {
                PageReport report = bench.fleet.verify(id);
                assertTrue(report.intact(), report::toString);
            }
            jobs.forEach(this::count);
            assertEquals(0, bench.fleet.migrations(), "migrations");
            for (HostConnection host : hosts) {
                host.guests().forEach(guest -> host.deleteGuest(Bench.context(), guest.id()));
            }
            assertEquals(0, bench.fleet.pages(), "pages");
            assertEquals(0, bench.fleet.disks(), "disks");
        }

        private void count(MigrationJob job) {
            try {
                assertTrue(job.await(Duration.ZERO), "a job goes on after it was aborted");
                succeeded++;
            } catch (ComputeException e) {
                failed++;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            bench.close();
        }
    }
}
