package io.gantry.driver.kvm.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.host.HostId;
import io.gantry.instance.Instance;
import io.gantry.lab.Heartbeat;
import io.gantry.lab.Lab;
import io.gantry.lab.LabGuest;
import io.gantry.lab.WithLab;
import io.gantry.maintenance.DrainSpec;
import io.gantry.maintenance.MigrationPlan;
import io.gantry.maintenance.MoveKind;
import io.gantry.maintenance.PlanReport;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real host is drained of real guests that keep rewriting and verifying their memory and disks. */
@WithLab(hosts = 3)
final class DrainIT {
    private static final String BUSY = "lab.ws=16 lab.rate=4";
    private static final int GUESTS = 4;

    private LabEngine engine;

    @BeforeEach
    void open(Lab lab) {
        engine = LabEngine.over(lab, 3);
    }

    @AfterEach
    void close() throws IOException {
        engine.close();
    }

    @Test
    void everyGuestOfADrainedHostRunsElsewhereAsItWas() {
        Map<Instance, Heartbeat> guests = new LinkedHashMap<>();
        for (int n = 1; n <= GUESTS; n++) {
            Instance instance = engine.bootOn(1, "guest" + n, BUSY);
            guests.put(instance, engine.guest(instance).awaitHeartbeat(LabEngine.PATIENCE));
        }

        MigrationPlan plan = engine.compute().maintenance().drain(engine.hostId(1), DrainSpec.because("new disks"));
        PlanReport report = engine.compute().maintenance().run(plan).await(Duration.ofMinutes(5));

        assertEquals(GUESTS, plan.moves().size(), plan::toString);
        assertTrue(plan.moves().stream().allMatch(move -> move.kind() == MoveKind.LIVE), plan::toString);
        assertTrue(report.isComplete(), report::toString);
        Map<HostId, Long> arrived = new LinkedHashMap<>();
        guests.forEach((instance, before) -> {
            Instance now = engine.get(instance);
            HostId host = now.host().orElseThrow();
            assertEquals(List.of(host.value()), engine.runningOn(instance.id()), "it runs once");
            assertEquals(List.of(host.value()), engine.definedOn(instance.id()), "nothing of it is left");
            assertGoesOn(now, before);
            arrived.merge(host, 1L, Long::sum);
        });
        assertEquals(Map.of(engine.hostId(2), 2L, engine.hostId(3), 2L), arrived, "weighers saw what was planned");
        assertEquals(0, engine.compute().hosts().get(engine.hostId(1)).usage().instances());
        assertEquals(
                Optional.of("new disks"),
                engine.compute().hosts().get(engine.hostId(1)).disabledReason());
    }

    private void assertGoesOn(Instance instance, Heartbeat before) {
        LabGuest guest = engine.guest(instance);
        Heartbeat after = guest.awaitHeartbeat(LabEngine.PATIENCE);
        assertEquals(before.bootId(), after.bootId(), "the guest did not reboot");
        assertTrue(after.seq() > before.seq(), "heartbeats go on");
        assertTrue(after.diskCount() > before.diskCount(), "its disk's counter goes on");
        assertEquals(0, after.errs(), "no page is bad");
        assertEquals(0, after.diskErrs(), "no sector is bad");
        assertEquals(0, guest.verify().bad(), "no page is bad");
    }
}
