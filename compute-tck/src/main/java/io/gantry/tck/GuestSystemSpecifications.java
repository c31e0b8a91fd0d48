package io.gantry.tck;

import static io.gantry.tck.DriverBench.assertPower;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.error.HypervisorError;
import io.gantry.error.InvalidState;
import io.gantry.error.Unsupported;
import io.gantry.instance.AdminPassword;
import io.gantry.instance.InstanceDiagnostics;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.spi.driver.DriverCapability;
import io.gantry.spi.driver.GuestEvent.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The part of the driver contract that is about what runs in a guest, and what is known of it. */
abstract class GuestSystemSpecifications extends MigrationSpecifications {
    private static final String ADMIN = "root";
    private static final String FIRST = "corre\u00e7t horse 'battery' \"$staple\"";
    private static final String SECOND = "another one";

    GuestSystemSpecifications() {}

    @Test
    @DisplayName("NMI: the guest sees one for each call, a paused one when it runs again, and stays as it is")
    void nmiReachesTheGuest() throws Exception {
        bench().need(DriverCapability.CRASH_DUMP);
        InstanceId id = bench().running();
        bench().fixture().awaitBoot(bench().host().endpoint(), id);
        connection().injectNmi(bench().context(), id);
        awaitInterrupts(id, 1);
        assertPower(bench().host(), id, PowerState.RUNNING);
        if (bench().can(DriverCapability.PAUSE)) {
            connection().pauseGuest(bench().context(), id);
            connection().injectNmi(bench().context(), id);
            assertPower(bench().host(), id, PowerState.PAUSED);
            connection().unpauseGuest(bench().context(), id);
        } else {
            connection().injectNmi(bench().context(), id);
        }
        awaitInterrupts(id, 2);
        assertPower(bench().host(), id, PowerState.RUNNING);
    }

    @Test
    @DisplayName("NMI: a guest that is off is refused, and stays off")
    void offGuestGetsNoNmi() {
        bench().need(DriverCapability.CRASH_DUMP);
        InstanceId id = bench().created();
        assertThrows(InvalidState.class, () -> connection().injectNmi(bench().context(), id));
        assertPower(bench().host(), id, PowerState.SHUTDOWN);
    }

    private void awaitInterrupts(InstanceId id, long expected) {
        if (interrupts(id).isPresent()) {
            bench().eventually(
                            30,
                            () -> interrupts(id).equals(OptionalLong.of(expected)),
                            () -> "the guest saw " + interrupts(id) + " interrupts, not " + expected);
        }
    }

    private OptionalLong interrupts(InstanceId id) {
        try {
            return bench().fixture().interrupts(bench().host().endpoint(), id);
        } catch (Exception e) {
            throw new AssertionError("the guest's interrupts could not be counted", e);
        }
    }

    @Test
    @DisplayName("password: the agent of a guest that runs sets it, once or twice; a user that there is not is refused")
    void agentSetsPasswords() throws Exception {
        bench().need(DriverCapability.SET_USER_PASSWORD);
        InstanceId id = bench().running(true);
        assumeTrue(bench().fixture().awaitAgent(bench().host().endpoint(), id), "the fixture's guests have no agent");
        connection().setUserPassword(bench().context(), id, ADMIN, AdminPassword.of(FIRST));
        assertAccepts(id, FIRST, true);
        connection().setUserPassword(bench().context(), id, ADMIN, AdminPassword.of(SECOND));
        connection().setUserPassword(bench().context(), id, ADMIN, AdminPassword.of(SECOND));
        assertAccepts(id, FIRST, false);
        assertAccepts(id, SECOND, true);

        HypervisorError refused = assertThrows(
                HypervisorError.class,
                () -> connection().setUserPassword(bench().context(), id, "nobody-here", AdminPassword.of(FIRST)));
        assertFalse(refused.toString().contains(FIRST), "the failure shows the password");
        assertAccepts(id, SECOND, true);
        assertPower(bench().host(), id, PowerState.RUNNING);
    }

    private void assertAccepts(InstanceId id, String password, boolean expected) throws Exception {
        Optional<Boolean> accepts =
                bench().fixture().acceptsPassword(bench().host().endpoint(), id, ADMIN, password);
        accepts.ifPresent(is -> assertEquals(expected, is, "whether the guest accepts the password"));
    }

    @Test
    @DisplayName("password: a guest that does not run is refused, and so is one that is set up without an agent")
    void passwordNeedsAGuestThatRunsWithAnAgent() {
        bench().need(DriverCapability.SET_USER_PASSWORD);
        InstanceId without = bench().running(false);
        assertThrows(Unsupported.class, () -> setPassword(without));
        assertPower(bench().host(), without, PowerState.RUNNING);

        InstanceId with = bench().running(true);
        if (bench().can(DriverCapability.PAUSE)) {
            connection().pauseGuest(bench().context(), with);
            assertThrows(InvalidState.class, () -> setPassword(with));
            assertPower(bench().host(), with, PowerState.PAUSED);
        }
        connection().powerOffGuest(bench().context(), with);
        assertThrows(InvalidState.class, () -> setPassword(with));
        assertPower(bench().host(), with, PowerState.SHUTDOWN);
    }

    private void setPassword(InstanceId id) {
        connection().setUserPassword(bench().context(), id, ADMIN, AdminPassword.of(FIRST));
    }

    @Test
    @DisplayName("diagnostics: tell the guest's state and size, counters that do not fall, and have no effect on it")
    void diagnosticsTellOfTheGuest() {
        bench().need(DriverCapability.DIAGNOSTICS);
        InstanceId id = bench().running();
        InstanceDiagnostics first = connection().diagnostics(id);
        InstanceDiagnostics second = connection().diagnostics(id);
        for (InstanceDiagnostics seen : List.of(first, second)) {
            assertEquals(PowerState.RUNNING, seen.state());
            assertEquals(bench().fixture().driver().name(), seen.driver());
            assertEquals(connection().inventory().hypervisorType(), seen.hypervisor());
            assertEquals(bench().spec(id).flavor().vcpus(), seen.numCpus());
            assertEquals(
                    IntStream.range(0, seen.numCpus()).boxed().toList(),
                    seen.cpus().stream().map(InstanceDiagnostics.Cpu::id).toList());
            assertEquals(bench().spec(id).flavor().memory(), seen.memory().maximum());
            assertTrue(seen.memory().used().toMib() >= 1, seen::toString);
            assertFalse(seen.disks().isEmpty(), "disks");
        }
        assertTrue(cpuTime(first).compareTo(cpuTime(second)) <= 0, () -> first + ", then " + second);
        assertTrue(read(first) <= read(second), () -> first + ", then " + second);
        assertPower(bench().host(), id, PowerState.RUNNING);
        bench().awaitEvents(bench().host(), id, Kind.STARTED);

        if (bench().can(DriverCapability.PAUSE)) {
            connection().pauseGuest(bench().context(), id);
            assertEquals(PowerState.PAUSED, connection().diagnostics(id).state());
            assertPower(bench().host(), id, PowerState.PAUSED);
        }
    }

    private static Duration cpuTime(InstanceDiagnostics seen) {
        return seen.cpus().stream().flatMap(cpu -> cpu.time().stream()).reduce(Duration.ZERO, Duration::plus);
    }

    private static long read(InstanceDiagnostics seen) {
        return seen.disks().stream().mapToLong(disk -> disk.read().bytes()).sum();
    }

    @Test
    @DisplayName("diagnostics: a guest that is off has none")
    void offGuestHasNoDiagnostics() {
        bench().need(DriverCapability.DIAGNOSTICS);
        InstanceId id = bench().created();
        assertThrows(InvalidState.class, () -> connection().diagnostics(id));
        assertPower(bench().host(), id, PowerState.SHUTDOWN);
    }
}
