package io.gantry.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The lab keeps what its users rely on. */
@WithLab(hosts = 2)
class LabIT {
    private static final Duration BOOT = Duration.ofMinutes(1);

    @Test
    void everyHostHasItsOwnDaemonAndNoWayOut(Lab lab) {
        for (int n = 1; n <= 2; n++) {
            LabHost host = lab.host(n);
            assertEquals(
                    "h" + n, Command.run("virsh", "-c", host.uri(), "hostname").strip());
            assertEquals(
                    "10.99.0.0/24 dev eth0 proto kernel scope link src 10.99.0." + n,
                    lab.exec(host, "ip", "route").strip());
            assertEquals(
                    "", lab.exec(host, "ip", "-6", "route", "show", "default").strip());
            assertFalse(lab.exec(host, "ls", "/dev").contains("kvm"), "guests run alike whether this machine has KVM");
            LabException refused = assertThrows(
                    LabException.class,
                    () -> lab.exec(host, "timeout", "5", "bash", "-c", "exec 3<>/dev/tcp/192.0.2.1/80"));
            assertTrue(refused.toString().contains("Network is unreachable"), refused::toString);
        }
        assertEquals(
                "h2",
                lab.exec(lab.host(1), "virsh", "-c", lab.host(2).peerUri(), "hostname")
                        .strip());
    }

    @Test
    void guestSurvivesMigrationsUnderLoad(Lab lab) {
        try (TinyGuest guest = TinyGuest.start(lab, "mover", "lab.ws=32", "lab.rate=10")) {
            LabGuest console = guest.console();
            String boot = console.awaitHeartbeat(BOOT).bootId();
            for (int round = 0; round < 3; round++) {
                guest.migrate(lab.host(1), lab.host(2));
                assertWhole(console, 32, boot);
                guest.migrate(lab.host(2), lab.host(1));
                assertWhole(console, 32, boot);
            }
            Heartbeat last = console.awaitHeartbeat(BOOT);
            assertTrue(last.dirtied() > 32, last::toString);
            assertTrue(last.diskCount() > 3, last::toString);
            assertEquals(0, last.diskErrs(), last::toString);
        }
    }

    /** With the distribution's QEMU as it is, each of these migrations loses pages: see qemu-tcg-migratable. */
    @Test
    void hotPagesSurviveManyIterations(Lab lab) {
        try (TinyGuest guest = TinyGuest.start(lab, "hot", "lab.ws=2", "lab.rate=0")) {
            LabGuest console = guest.console();
            String boot = console.awaitHeartbeat(BOOT).bootId();
            guest.migrate(lab.host(1), lab.host(2), "--bandwidth", "24");
            assertWhole(console, 2, boot);
            guest.migrate(lab.host(2), lab.host(1), "--bandwidth", "24");
            assertWhole(console, 2, boot);
        }
    }

    private static void assertWhole(LabGuest console, int workingSet, String boot) {
        Verification verification = console.verify();
        assertTrue(verification.ok(), verification::toString);
        assertEquals(workingSet * 256L, verification.pages());
        assertEquals(boot, verification.bootId());
    }

    @Test
    void consoleCarriesOutCommands(Lab lab) {
        try (TinyGuest guest = TinyGuest.start(lab, "talker", "lab.noacpi=1")) {
            LabGuest console = guest.console();
            assertEquals("sh rc=3 out=a\\nb\\n", console.command("sh echo a; echo b; exit 3"));
            assertTrue(console.command("ping").startsWith("pong "));
            console.dirty(8, 0, 'c');
            Heartbeat before = console.awaitHeartbeat(BOOT);
            assertEquals(8, before.workingSet());
            assertTrue(console.awaitHeartbeat(BOOT).dirtied() > before.dirtied());
            assertTrue(console.verify().ok());
            assertTrue(console.command("frobnicate").startsWith("unknown command"));
        }
    }

    @Test
    void guestRunsOnWithoutItsDaemon(Lab lab) {
        LabHost host = lab.host(1);
        try (TinyGuest guest = TinyGuest.start(lab, "orphan")) {
            Heartbeat first = guest.console().awaitHeartbeat(BOOT);
            long qemu = lab.qemuPid(host, guest.uuid());
            lab.killLibvirtd(host);
            assertThrows(LabException.class, () -> Command.run("virsh", "-c", host.uri(), "list"));
            assertEquals(first.bootId(), guest.console().awaitHeartbeat(BOOT).bootId());
            lab.startLibvirtd(host);
            assertEquals("running", guest.state(host));
            lab.freezeLibvirtd(host);
            assertThrows(LabException.class, () -> Command.run("timeout", "1", "virsh", "-c", host.uri(), "list"));
            lab.thawLibvirtd(host);
            assertEquals("running", guest.state(host));
            assertEquals(qemu, lab.qemuPid(host, guest.uuid()));
            lab.killQemu(host, guest.uuid());
            assertEquals("shut off", guest.state(host));
        }
    }

    @Test
    void powerFailureEndsEverythingButTheDisks(Lab lab) {
        LabHost host = lab.host(1);
        try (TinyGuest guest = TinyGuest.start(lab, "victim")) {
            Heartbeat first = guest.console().awaitHeartbeat(BOOT);
            long qemu = lab.qemuPid(host, guest.uuid());
            lab.powerOff(host);
            assertFalse(ProcessHandle.of(qemu).map(ProcessHandle::isAlive).orElse(false));
            lab.powerOn(host);
            assertEquals("shut off", guest.state(host)); // still defined
            guest.virsh(host, "start");
            Heartbeat second = guest.console().awaitReboot(first.bootId(), BOOT);
            assertNotEquals(first.bootId(), second.bootId());
            assertTrue(second.diskCount() > first.diskCount(), second::toString);
            assertEquals(0, second.diskErrs());
        }
    }

    @Test
    void powerButtonTurnsTheGuestOff(Lab lab) {
        LabHost host = lab.host(1);
        try (TinyGuest guest = TinyGuest.start(lab, "polite")) {
            guest.console().awaitHeartbeat(BOOT);
            guest.virsh(host, "shutdown", "--mode", "acpi");
            Poll.await("end of the guest", BOOT, () -> guest.state(host).equals("shut off"), () -> guest.state(host));
        }
    }
}
