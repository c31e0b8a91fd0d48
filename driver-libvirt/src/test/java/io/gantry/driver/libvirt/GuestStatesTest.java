package io.gantry.driver.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.driver.libvirt.port.DomainStatus;
import io.gantry.instance.PowerState;
import io.gantry.spi.driver.GuestEvent;
import io.gantry.spi.driver.GuestState;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuestStatesTest {
    @ParameterizedTest(name = "state {0} reason {1} is {2}")
    @CsvSource({
        "0, 0, NOSTATE, 'state 0, reason 0'",
        "1, 0, RUNNING, running",
        "1, 1, RUNNING, booted",
        "1, 2, RUNNING, migrated here",
        "1, 6, RUNNING, migration was cancelled",
        "2, 1, RUNNING, booted",
        "3, 1, PAUSED, paused by user",
        "3, 2, NOSTATE, paused for migration",
        "3, 5, PAUSED, paused by an I/O error",
        "3, 6, PAUSED, paused by its watchdog",
        "3, 10, CRASHED, paused after it crashed",
        "3, 11, NOSTATE, starting up",
        "3, 13, PAUSED, paused since post-copy failed",
        "4, 1, RUNNING, shutting down by user",
        "5, 0, SHUTDOWN, off",
        "5, 1, SHUTDOWN, shut down",
        "5, 2, SHUTDOWN, powered off",
        "5, 3, CRASHED, crashed",
        "5, 4, SHUTDOWN, migrated away",
        "5, 5, SHUTDOWN, off",
        "5, 6, CRASHED, hypervisor process failed",
        "5, 8, CRASHED, daemon lost it",
        "6, 0, CRASHED, crashed",
        "6, 1, CRASHED, panicked",
        "7, 0, PAUSED, guest suspended itself",
        "99, 7, NOSTATE, 'state 99, reason 7'",
        "1, 99, RUNNING, 'state 1, reason 99'",
        "5, -1, SHUTDOWN, 'state 5, reason -1'",
    })
    void statesAndReasons(int state, int reason, PowerState power, String words) {
        GuestState guest = GuestStates.of(domain(state, reason));
        assertEquals(power, guest.power());
        assertEquals(words, guest.reason());
    }

    @Test
    void aGuestIsSuspendedWhileItsMemoryIsSaved() {
        for (int reason : new int[] {0, 5, 6}) { // the daemon forgets the reason when it is restarted
            DomainStatus saved = new DomainStatus(UUID.randomUUID(), "x", DomainStatus.SHUTOFF, reason, true);
            assertEquals(PowerState.SUSPENDED, GuestStates.of(saved).power());
            assertEquals("saved", GuestStates.of(saved).reason());
            assertFalse(GuestStates.isLeftOver(saved), "its memory would be lost");
        }
    }

    @Test
    void onlyWhatNeverRanIsALeftOver() {
        assertTrue(GuestStates.isLeftOver(domain(DomainStatus.PAUSED, 2)));
        assertTrue(GuestStates.isLeftOver(domain(DomainStatus.PAUSED, 11)));
        assertTrue(GuestStates.isLeftOver(domain(DomainStatus.SHUTOFF, 0)));
        assertTrue(GuestStates.isLeftOver(domain(DomainStatus.SHUTOFF, 6)));
        for (int state : new int[] {DomainStatus.RUNNING, DomainStatus.BLOCKED, DomainStatus.CRASHED, 7}) {
            assertFalse(GuestStates.isLeftOver(domain(state, 0)), () -> "state " + state);
        }
        assertFalse(GuestStates.isLeftOver(domain(DomainStatus.PAUSED, 1)), "a paused guest that has arrived");
        assertFalse(GuestStates.isLeftOver(domain(DomainStatus.PAUSED, 5)));
        assertFalse(GuestStates.isLeftOver(domain(DomainStatus.SHUTOFF, 1)), "it shut itself down after it arrived");
        assertFalse(GuestStates.isLeftOver(domain(DomainStatus.SHUTOFF, 3)));
    }

    @ParameterizedTest(name = "event {0} detail {1} is {2}")
    @CsvSource({
        "1, 0, REMOVED, undefined",
        "2, 0, STARTED, booted",
        "2, 1, STARTED, migrated",
        "3, 0, PAUSED, paused",
        "3, 2, PAUSED, I/O error",
        "4, 1, RESUMED, migrated",
        "5, 0, STOPPED, shut down",
        "5, 1, STOPPED, powered off",
        "5, 3, STOPPED, migrated",
        "5, 5, STOPPED, hypervisor process failed",
        "5, 77, STOPPED, detail 77",
        "8, 0, STOPPED, guest panicked",
    })
    void events(int event, int detail, GuestEvent.Kind kind, String words) {
        UUID id = UUID.randomUUID();
        GuestEvent found = GuestEvents.of(id, event, detail).orElseThrow();
        assertEquals(kind, found.kind());
        assertEquals(words, found.reason());
        assertEquals(id, found.guest().value());
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "6, 0", "9, 0", "-1, 0"})
    void eventsThatChangeNoPowerStateAreLeftOut(int event, int detail) {
        assertTrue(GuestEvents.of(UUID.randomUUID(), event, detail).isEmpty());
    }

    private static DomainStatus domain(int state, int reason) {
        return new DomainStatus(UUID.randomUUID(), "x", state, reason, false);
    }
}
