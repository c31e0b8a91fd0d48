package io.gantry.driver.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.ComputeException;
import io.gantry.error.HostUnreachable;
import io.gantry.error.NotFound;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.spi.driver.GuestEvent;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.HostListener;
import io.gantry.spi.driver.MigrationJob;
import io.gantry.spi.driver.MigrationTuning;
import io.gantry.unit.Bandwidth;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A fleet in real time, with threads. */
class SimFleetTest {
    private static final MigrationTuning TUNING = new MigrationTuning(Duration.ofMillis(20), new Bandwidth(0));

    @Test
    void thousandGuestsLeaveNoThreadAndNoPageBehind() throws IOException {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (SimDriver driver = SimDriver.create()) {
            HostConnection host = driver.connect(Bench.endpoint("sim://a"), new Bench.Told());
            var image = TestImages.image();
            host.cacheImage(Bench.context(), image);
            long most = 0;
            for (int i = 0; i < 1000; i++) {
                InstanceId id = InstanceId.random();
                host.createGuest(
                        Bench.context(),
                        GuestSpec.builder(id, "g", Bench.busy(64, 1, 0, 0), image.image())
                                .build());
                host.startGuest(Bench.context(), id);
                assertTrue(driver.fleet().verify(id).intact());
                most = Math.max(most, driver.fleet().pages());
                host.deleteGuest(Bench.context(), id);
            }
            assertEquals(256, most, "pages of one guest at a time");
            assertEquals(0, driver.fleet().pages());
            assertEquals(0, driver.fleet().disks());
            assertEquals(List.of(), host.guests());
        }
        Set<String> left = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> name.startsWith("gantry"))
                .collect(Collectors.toSet());
        assertEquals(Set.of(), left);
    }

    @Test
    void listenerMayCloseTheDriver() throws Exception {
        try (SimFleet fleet = SimFleet.create()) {
            SimDriver driver = fleet.driver();
            CompletableFuture<Long> closed = new CompletableFuture<>();
            driver.connect(Bench.endpoint("sim://a"), new HostListener() {
                @Override
                public void onGuestEvent(GuestEvent event) {}

                @Override
                public void onDisconnected(String reason) {
                    long begun = System.nanoTime();
                    driver.close();
                    closed.complete(System.nanoTime() - begun);
                }

                @Override
                public void onConnected() {}
            });
            fleet.host("a").disconnect();
            long took = closed.get(20, TimeUnit.SECONDS);
            assertTrue(took < TimeUnit.SECONDS.toNanos(4), "it waited for itself: " + took + " ns");
        }
    }

    @Test
    void guestsOutliveTheDriver() throws IOException {
        try (SimFleet fleet = SimFleet.create()) {
            var image = TestImages.image();
            InstanceId id = InstanceId.random();
            SimDriver first = fleet.driver();
            HostConnection host = first.connect(Bench.endpoint("sim://a"), new Bench.Told());
            host.cacheImage(Bench.context(), image);
            host.createGuest(
                    Bench.context(),
                    GuestSpec.builder(id, "g", Bench.flavor(64), image.image()).build());
            host.startGuest(Bench.context(), id);
            first.close();
            first.close();
            assertThrows(HostUnreachable.class, host::guests);
            try (SimDriver second = fleet.driver()) {
                Bench.Told told = new Bench.Told();
                HostConnection again = second.connect(Bench.endpoint("sim://a"), told);
                assertEquals(PowerState.RUNNING, Bench.power(again, id));
                again.pauseGuest(Bench.context(), id);
                assertTrue(told.await("PAUSED"));
            }
        }
    }

    @Test
    void twoDriversSeeTheSameHost() {
        try (Bench bench = new Bench();
                SimDriver second = bench.fleet.driver()) {
            HostConnection one = bench.host("sim://a");
            Bench.Told told = new Bench.Told();
            second.connect(Bench.endpoint("sim://a"), told);
            bench.running(one, Bench.flavor(64));
            assertTrue(bench.told("a").await("STARTED"));
            assertTrue(told.await("STARTED"));
        }
    }

    @Test
    void listenerThatThrowsMissesNothingLater() {
        try (SimFleet fleet = SimFleet.create();
                SimDriver driver = fleet.driver()) {
            List<String> heard = new CopyOnWriteArrayList<>();
            HostListener throwing = new HostListener() {
                @Override
                public void onGuestEvent(GuestEvent event) {
                    heard.add("event");
                }

                @Override
                public void onDisconnected(String reason) {
                    heard.add("disconnected");
                    throw new IllegalStateException("on purpose");
                }

                @Override
                public void onConnected() {
                    heard.add("connected");
                }
            };
            driver.connect(Bench.endpoint("sim://a"), throwing);
            fleet.host("a").disconnect();
            fleet.host("a").reconnect();
            long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (heard.size() < 2 && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            assertEquals(List.of("disconnected", "connected"), heard);
        }
    }

    @Test
    void unknownNamesAreNotFound() {
        try (SimFleet fleet = SimFleet.create()) {
            assertThrows(NotFound.class, () -> fleet.host("nowhere"));
            assertThrows(NotFound.class, () -> fleet.guest(InstanceId.random()));
            assertThrows(
                    NotFound.class,
                    () -> fleet.addHost("sim://a").guest(InstanceId.random()).id());
        }
    }

    /** Two guests go to and fro while power and network fail; watchers look all the time. */
    @Test
    void watchersNeverSeeTwoCopiesNorNone() throws Exception {
        try (SimFleet fleet =
                        SimFleet.builder().guestReaction(Duration.ofMillis(1)).build();
                SimDriver driver = fleet.driver()) {
            var image = TestImages.image();
            List<HostConnection> hosts = new ArrayList<>();
            for (String name : List.of("a", "b")) {
                HostConnection host =
                        driver.connect(Bench.endpoint("sim://" + name + "?bandwidth-mib=400"), new Bench.Told());
                host.cacheImage(Bench.context(), image);
                hosts.add(host);
            }
            List<InstanceId> guests = List.of(InstanceId.random(), InstanceId.random());
            for (InstanceId id : guests) {
                hosts.get(0)
                        .createGuest(
                                Bench.context(),
                                GuestSpec.builder(id, "g", Bench.busy(16, 2, 2, 20), image.image())
                                        .build());
                hosts.get(0).startGuest(Bench.context(), id);
            }
            AtomicBoolean done = new AtomicBoolean();
            List<CompletableFuture<Integer>> watchers = new ArrayList<>();
            for (InstanceId id : guests) {
                // A thread each: the common pool has one on a small machine.
                watchers.add(CompletableFuture.supplyAsync(
                        () -> {
                            int looks = 0;
                            while (!done.get()) {
                                assertEquals(1, fleet.copies(id).size());
                                assertTrue(fleet.verify(id).intact());
                                looks++;
                            }
                            return looks;
                        },
                        task -> new Thread(task, "watcher").start()));
            }
            Random random = new Random(7);
            int moved = 0;
            for (int round = 0; round < 60; round++) {
                moved += moveOnce(fleet, hosts, guests.get(round % 2), random.nextInt(5));
            }
            done.set(true);
            for (CompletableFuture<Integer> watcher : watchers) {
                assertTrue(watcher.get() > 0);
            }
            assertTrue(moved > 10, "moves that succeeded: " + moved);
            assertEquals(0, fleet.migrations());
        }
    }

    private static int moveOnce(SimFleet fleet, List<HostConnection> hosts, InstanceId id, int mishap)
            throws InterruptedException {
        int at = fleet.guest(id).host().orElseThrow().equals("a") ? 0 : 1;
        HostConnection source = hosts.get(at);
        HostConnection target = hosts.get(1 - at);
        source.startGuest(Bench.context(), id);
        MigrationJob job = Bench.migrate(source, target, id, TUNING);
        Thread.sleep(mishap);
        SimHost room = fleet.host(mishap % 2 == 0 ? "a" : "b");
        switch (mishap) {
            case 1 -> room.powerFail();
            case 2 -> room.disconnect();
            case 3 -> job.abort();
            default -> assertTrue(mishap == 0 || mishap == 4);
        }
        int moved = 0;
        try {
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (!job.await(Duration.ofMillis(50))) {
                assertTrue(System.nanoTime() < end, () -> "goes on: " + job.statistics());
            }
            moved = 1;
        } catch (ComputeException e) {
            assertTrue(mishap >= 1 && mishap <= 3, e::toString);
        }
        room.powerOn();
        room.reconnect();
        target.migrationTarget().orElseThrow().abandon(Bench.context(), id);
        return moved;
    }
}
