package io.gantry.driver.kvm.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.HostUnreachable;
import io.gantry.host.HostState;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceSpec;
import io.gantry.instance.PowerState;
import io.gantry.instance.VmState;
import io.gantry.lab.Lab;
import io.gantry.lab.WithLab;
import io.gantry.operation.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hosts whose libvirtd hangs, dies, or comes back. */
@WithLab(hosts = 3)
final class HungHostIT {
    private LabEngine engine;

    @BeforeEach
    void open(Lab lab) {
        engine = LabEngine.over(lab, 2);
    }

    @AfterEach
    void close() throws IOException {
        engine.close();
    }

    @Test
    void aHungLibvirtdFailsItsOwnCallsAtTheDeadlineAndNobodyElses() {
        Instance hung = engine.bootOn(1, "hung", "lab.ws=4 lab.rate=1");
        Instance healthy = engine.bootOn(2, "healthy", "lab.ws=4 lab.rate=1");

        engine.lab().freezeLibvirtd(engine.lab().host(1));
        try {
            long began = System.nanoTime();
            Operation<Instance> pauseHung = engine.compute().instances().pause(hung.id());
            // The other host answers while the hung one keeps its caller waiting.
            assertEquals(
                    VmState.PAUSED,
                    engine.compute()
                            .instances()
                            .pause(healthy.id())
                            .await(LabEngine.PATIENCE)
                            .state());
            Duration answered = Duration.ofNanos(System.nanoTime() - began);
            HostUnreachable failed = assertThrows(HostUnreachable.class, () -> pauseHung.await(LabEngine.PATIENCE));
            Duration failedAfter = Duration.ofNanos(System.nanoTime() - began);

            assertEquals("h1", failed.host());
            assertTrue(failed.retryable());
            assertTrue(answered.compareTo(failedAfter) < 0, answered + " before " + failedAfter);
            assertThrows(
                    HostUnreachable.class, () -> engine.compute().instances().consoleLog(hung.id(), 100));
            LabEngine.await(
                    "seen as down",
                    Duration.ofMinutes(1),
                    () -> engine.compute().hosts().get(engine.hostId(1)).state() == HostState.DOWN);
            assertEquals(
                    VmState.ACTIVE,
                    engine.compute()
                            .instances()
                            .unpause(healthy.id())
                            .await(LabEngine.PATIENCE)
                            .state());
            Instance elsewhere = engine.compute()
                    .instances()
                    .create(InstanceSpec.builder("elsewhere")
                            .flavor(LabEngine.FLAVOR)
                            .image(engine.image(""))
                            .build())
                    .await(LabEngine.PATIENCE);
            assertEquals(Optional.of(engine.hostId(2)), elsewhere.host());
        } finally {
            engine.lab().thawLibvirtd(engine.lab().host(1));
        }

        LabEngine.await(
                "seen as up",
                Duration.ofMinutes(1),
                () -> engine.compute().hosts().get(engine.hostId(1)).state() == HostState.UP);
        LabEngine.await(
                "no verb at work",
                Duration.ofMinutes(1),
                () -> engine.get(hung).task().isEmpty());
        // The request to pause may have waited in the daemon; what counts is that the view is true and verbs work.
        if (engine.get(hung).state() == VmState.PAUSED) {
            engine.compute().instances().unpause(hung.id()).await(LabEngine.PATIENCE);
        }
        assertEquals(
                VmState.PAUSED,
                engine.compute()
                        .instances()
                        .pause(hung.id())
                        .await(LabEngine.PATIENCE)
                        .state());
        assertEquals(
                VmState.ACTIVE,
                engine.compute()
                        .instances()
                        .unpause(hung.id())
                        .await(LabEngine.PATIENCE)
                        .state());
        engine.guest(hung).awaitHeartbeat(LabEngine.PATIENCE);
    }

    @Test
    void guestsOutliveADaemonThatIsRestartedAndEventsGoOn() {
        Instance instance = engine.bootOn(1, "outlives", "lab.ws=4 lab.rate=1");
        long process =
                engine.lab().qemuPid(engine.labHost(instance), instance.id().value());

        engine.lab().killLibvirtd(engine.lab().host(1));
        LabEngine.await(
                "seen as down",
                Duration.ofMinutes(1),
                () -> engine.compute().hosts().get(engine.hostId(1)).state() == HostState.DOWN);
        engine.lab().startLibvirtd(engine.lab().host(1));
        LabEngine.await(
                "seen as up",
                Duration.ofMinutes(1),
                () -> engine.compute().hosts().get(engine.hostId(1)).state() == HostState.UP);

        assertEquals(
                process,
                engine.lab().qemuPid(engine.labHost(instance), instance.id().value()));
        assertEquals(VmState.ACTIVE, engine.get(instance).state());
        engine.lab().killQemu(engine.labHost(instance), instance.id().value());
        LabEngine.await(
                "seen as crashed",
                Duration.ofSeconds(5),
                () -> engine.get(instance).power() == PowerState.CRASHED);
    }

    @Test
    void aHostThatLostPowerComesBackWithItsGuestsOff() {
        Instance instance = engine.bootOn(1, "powerless", "lab.ws=4 lab.rate=1");

        engine.lab().powerOff(engine.lab().host(1));
        LabEngine.await(
                "seen as down",
                Duration.ofMinutes(1),
                () -> engine.compute().hosts().get(engine.hostId(1)).state() == HostState.DOWN);
        assertEquals(VmState.ACTIVE, engine.get(instance).state(), "nothing is concluded from silence");
        engine.lab().powerOn(engine.lab().host(1));

        LabEngine.await(
                "seen as stopped",
                Duration.ofMinutes(1),
                () -> engine.get(instance).state() == VmState.STOPPED);
        Instance started = engine.compute().instances().start(instance.id()).await(LabEngine.PATIENCE);
        assertEquals(0, engine.guest(started).awaitHeartbeat(LabEngine.PATIENCE).diskErrs());
        assertEquals(List.of("h1"), engine.runningOn(instance.id()));
    }
}
