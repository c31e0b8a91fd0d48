package io.gantry.driver.sim;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.Conflict;
import io.gantry.error.HypervisorError;
import io.gantry.error.InvalidRequest;
import io.gantry.error.InvalidState;
import io.gantry.error.OutcomeUnknown;
import io.gantry.image.DiskFormat;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.DiskSource;
import io.gantry.spi.driver.GuestDisk;
import io.gantry.spi.driver.GuestDisks;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.MigrationJob;
import io.gantry.spi.driver.MigrationOffer;
import io.gantry.spi.driver.MigrationTarget;
import io.gantry.spi.driver.RescueSpec;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Simulated guests that sleep, get another size, are rescued, or are fenced off. */
class SimFormsTest {
    private final Bench bench = new Bench();
    private final HostConnection a = bench.host("sim://a");

    @AfterEach
    void close() {
        bench.close();
    }

    private static CallContext epoch(long epoch) {
        return new CallContext(OperationId.random(), epoch, Duration.ofSeconds(10));
    }

    private RescueSpec rescue(InstanceId id) {
        return new RescueSpec(id, bench.spec(id, Bench.flavor(64)).image(), Optional.empty());
    }

    @Test
    void suspendedGuestKeepsItsPagesAndWritesNone() {
        InstanceId id = bench.running(a, Bench.busy(64, 4, 2, 10));
        bench.clock.advance(Duration.ofSeconds(1));
        assertTrue(bench.fleet.verify(id).intact());
        long pages = bench.fleet.pages();
        a.suspendGuest(Bench.context(), id);
        bench.clock.advance(Duration.ofDays(1));
        assertEquals(pages, bench.fleet.pages());
        assertEquals(new PageReport(1024, List.of()), bench.fleet.verify(id));
        String console = console(id);
        a.resumeGuest(Bench.context(), id);
        assertEquals(console, console(id), "no heartbeat while it slept, and no boot");
        assertEquals(1, bench.fleet.guest(id).boots());
        bench.clock.advance(Duration.ofSeconds(1));
        assertTrue(bench.fleet.verify(id).intact());
        assertTrue(bench.told("a").await("STARTED", "STOPPED", "STARTED"));
        a.suspendGuest(Bench.context(), id);
        a.deleteGuest(Bench.context(), id);
        assertEquals(0, bench.fleet.pages());
    }

    @Test
    void pausedGuestIsPausedAgainWhenItIsResumed() {
        InstanceId id = bench.running(a, Bench.flavor(64));
        a.pauseGuest(Bench.context(), id);
        a.suspendGuest(Bench.context(), id);
        a.resumeGuest(Bench.context(), id);
        assertEquals(PowerState.PAUSED, Bench.power(a, id));
        assertTrue(bench.told("a").await("STARTED", "PAUSED", "STOPPED", "STARTED", "PAUSED"));
    }

    @Test
    void suspendedGuestSurvivesPowerFailureAndBootsAnewOnceItIsOff() {
        InstanceId id = bench.running(a, Bench.busy(64, 4, 0, 0));
        a.suspendGuest(Bench.context(), id);
        bench.fleet.verify(id);
        bench.fleet.host("a").powerFail();
        bench.fleet.host("a").powerOn();
        assertEquals(PowerState.SUSPENDED, Bench.power(a, id));
        assertEquals(1024, bench.fleet.pages());
        assertThrows(InvalidState.class, () -> a.startGuest(Bench.context(), id));
        a.powerOffGuest(Bench.context(), id);
        assertEquals(0, bench.fleet.pages(), "the saved pages are gone");
        a.startGuest(Bench.context(), id);
        assertEquals(2, bench.fleet.guest(id).boots());
        assertTrue(bench.fleet.verify(id).intact());
    }

    @Test
    void suspendedGuestRefusesWhatNeedsOneThatIsOnOrOff() {
        InstanceId id = bench.running(a, Bench.flavor(64));
        a.suspendGuest(Bench.context(), id);
        GuestDisks disks = a.disks().orElseThrow();
        disks.copy(Bench.context(), id, "copy");
        for (Executable refused : new Executable[] {
            () -> a.pauseGuest(Bench.context(), id),
            () -> a.resizeGuest(Bench.context(), bench.spec(id, Bench.flavor(128))),
            () -> a.rescueGuest(Bench.context(), rescue(id)),
            () -> disks.restore(Bench.context(), id, "copy"),
            () -> disks.rebuild(Bench.context(), bench.spec(id, Bench.flavor(64))),
            () -> a.migrationSource().orElseThrow().offer(id)
        }) {
            assertThrows(InvalidState.class, refused);
        }
        assertEquals(PowerState.SUSPENDED, Bench.power(a, id));
    }

    @Test
    void suspendingEndsMigration() {
        HostConnection b = bench.host("sim://b");
        InstanceId id = bench.running(a, Bench.busy(64, 32, 32, 10_000));
        MigrationJob job = Bench.migrate(a, b, id, Bench.PLAIN);
        a.suspendGuest(Bench.context(), id);
        HypervisorError failed = assertThrows(HypervisorError.class, () -> job.await(Duration.ZERO));
        assertTrue(failed.getMessage().contains("suspended"), failed.getMessage());
        a.resumeGuest(Bench.context(), id);
        bench.clock.advance(Duration.ofSeconds(1));
        assertEquals(PowerState.RUNNING, Bench.power(a, id));
        assertTrue(bench.fleet.verify(id).intact());
    }

    @Test
    void resizedGuestBehavesAsItsNewFlavorSays() {
        InstanceId id = bench.running(a, Bench.busy(64, 4, 0, 0));
        a.powerOffGuest(Bench.context(), id);
        a.resizeGuest(Bench.context(), bench.spec(id, Bench.busy(128, 8, 0, 0)));
        assertEquals(MemorySize.mib(128), bench.fleet.host("a").committed().memory());
        a.startGuest(Bench.context(), id);
        assertEquals(2048, bench.fleet.verify(id).checked());
        a.powerOffGuest(Bench.context(), id);
        GuestSpec wrong = bench.spec(id, Bench.flavor(64, "sim:resident_mib", "65"));
        assertThrows(InvalidRequest.class, () -> a.resizeGuest(Bench.context(), wrong));
        assertThrows(
                HypervisorError.class, () -> a.resizeGuest(Bench.context(), bench.spec(id, Bench.flavor(5L << 20))));
        assertEquals(MemorySize.mib(128), bench.fleet.guest(id).flavor().memory());
    }

    @Test
    void rescuedGuestHasDiskOfItsOwnUntilItEnds() {
        InstanceId id = bench.running(a, Bench.flavor(64));
        a.powerOffGuest(Bench.context(), id);
        a.rescueGuest(Bench.context(), rescue(id));
        assertTrue(bench.fleet.guest(id).inRescue());
        assertTrue(console(id).endsWith("boot 2 of guest in rescue\n[sim] guest in rescue login: \n"), console(id));
        assertEquals(2, bench.fleet.disks());
        bench.fleet.guest(id).crash();
        a.rescueGuest(Bench.context(), rescue(id));
        assertEquals(PowerState.RUNNING, Bench.power(a, id));
        assertEquals(2, bench.fleet.disks());
        a.unrescueGuest(Bench.context(), id);
        assertFalse(bench.fleet.guest(id).inRescue());
        assertEquals(1, bench.fleet.disks());
        a.rescueGuest(Bench.context(), rescue(id));
        a.deleteGuest(Bench.context(), id);
        assertEquals(0, bench.fleet.disks());
    }

    @Test
    void rescueNeedsItsImageOnTheHost() {
        InstanceId id = bench.running(a, Bench.flavor(64));
        a.powerOffGuest(Bench.context(), id);
        RescueSpec unknown = new RescueSpec(id, TestImages.image().image(), Optional.empty());
        assertThrows(HypervisorError.class, () -> a.rescueGuest(Bench.context(), unknown));
        assertFalse(bench.fleet.guest(id).inRescue());
    }

    @Test
    void fencedTargetAbandonsNothingForThoseOfBefore() {
        HostConnection b = bench.host("sim://b");
        InstanceId id = bench.running(a, Bench.flavor(64));
        MigrationOffer offer = a.migrationSource().orElseThrow().offer(id);
        MigrationTarget target = b.migrationTarget().orElseThrow();
        target.prepare(epoch(2), offer);
        b.fence(epoch(3), id);
        assertThrows(Conflict.class, () -> target.abandon(epoch(2), id));
        assertThrows(Conflict.class, () -> target.prepare(epoch(2), offer));
        assertThrows(Conflict.class, () -> b.deleteGuest(epoch(2), id));
        assertThrows(Conflict.class, () -> b.releaseGuest(epoch(2), id));
        assertEquals(PowerState.NOSTATE, b.guest(id).orElseThrow().power());
        target.abandon(epoch(3), id);
        assertTrue(b.guest(id).isEmpty());
    }

    @Test
    void eachNewCallTakesFaults() {
        InstanceId id = bench.running(a, Bench.flavor(64));
        GuestDisks disks = a.disks().orElseThrow();
        SimHost host = bench.fleet.host("a");
        CallContext context = Bench.context();
        GuestSpec spec = bench.spec(id, Bench.flavor(64));
        Map<SimCall, Executable> calls = new EnumMap<>(SimCall.class);
        calls.put(SimCall.COPY_DISK, () -> disks.copy(context, id, "copy"));
        calls.put(SimCall.LIST_DISKS, disks::list);
        calls.put(SimCall.OPEN_COPY, () -> disks.open(id, "copy").close());
        calls.put(SimCall.SUSPEND, () -> a.suspendGuest(context, id));
        calls.put(SimCall.RESUME, () -> a.resumeGuest(context, id));
        calls.put(SimCall.POWER_OFF, () -> a.powerOffGuest(context, id));
        calls.put(SimCall.RESIZE, () -> a.resizeGuest(context, spec));
        calls.put(SimCall.RESCUE, () -> a.rescueGuest(context, rescue(id)));
        calls.put(SimCall.UNRESCUE, () -> a.unrescueGuest(context, id));
        calls.put(SimCall.RESTORE_DISK, () -> disks.restore(context, id, "copy"));
        calls.put(SimCall.REBUILD, () -> disks.rebuild(context, spec));
        calls.put(SimCall.FENCE, () -> a.fence(context, id));
        calls.put(SimCall.CREATE_FROM_DISK, () -> disks.createGuest(context, spec, noContent()));
        calls.put(SimCall.DELETE_DISK, () -> disks.delete(context, GuestDisk.copy(id, "copy")));
        calls.put(SimCall.RELEASE, () -> a.releaseGuest(context, id));
        for (SimCall call : new SimCall[] {
            SimCall.COPY_DISK, SimCall.LIST_DISKS, SimCall.OPEN_COPY, SimCall.SUSPEND, SimCall.RESUME,
            SimCall.POWER_OFF, SimCall.RESIZE, SimCall.RESCUE, SimCall.UNRESCUE, SimCall.RESTORE_DISK,
            SimCall.REBUILD, SimCall.FENCE, SimCall.CREATE_FROM_DISK, SimCall.DELETE_DISK, SimCall.RELEASE
        }) {
            Executable body = Objects.requireNonNull(calls.get(call));
            HypervisorError failure = new HypervisorError("a", 1, 10, call.name(), null);
            host.failNext(call, 1, () -> failure);
            assertEquals(failure, assertThrows(HypervisorError.class, body, call.name()));
            host.loseAnswers(call, 1);
            assertThrows(OutcomeUnknown.class, body, call.name());
            assertDoesNotThrow(body, "again after the lost answer of " + call);
        }
    }

    /** The guest is there: nobody reads it. */
    private static DiskSource noContent() {
        return new DiskSource() {
            @Override
            public DiskFormat format() {
                return DiskFormat.RAW;
            }

            @Override
            public DiskSize virtualSize() {
                return DiskSize.mib(1);
            }

            @Override
            public long contentBytes() {
                return 1;
            }

            @Override
            public InputStream open() throws IOException {
                throw new IOException("nobody reads it");
            }
        };
    }

    private String console(InstanceId id) {
        return new String(a.consoleLog(id, 1000), StandardCharsets.UTF_8);
    }
}
