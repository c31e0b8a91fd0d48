package io.gantry.tck;

import static io.gantry.tck.DriverBench.assertPower;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.error.ComputeException;
import io.gantry.error.Conflict;
import io.gantry.instance.AdminPassword;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.DriverCapability;
import io.gantry.spi.driver.GuestDisk;
import io.gantry.spi.driver.GuestDisks;
import io.gantry.spi.driver.HostConnection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The part of the driver contract that is about callers that have lost an instance to others. */
abstract class EpochSpecifications extends ConfigDriveSpecifications {
    EpochSpecifications() {}

    @Test
    @DisplayName("epochs: an operation that lost its ownership is refused, and changes nothing")
    void staleEpochIsRefused() {
        OperationId operation = OperationId.random();
        InstanceId id = createdAt(operation, 2);
        CallContext stale = bench().context(operation, 1);
        assertThrows(ComputeException.class, () -> connection().startGuest(stale, id));
        assertThrows(ComputeException.class, () -> connection().deleteGuest(stale, id));
        assertPower(bench().host(), id, PowerState.SHUTDOWN);
        connection().startGuest(bench().context(operation, 3), id);
        bench().awaitPower(bench().host(), id, PowerState.RUNNING);
    }

    @Test
    @DisplayName("epochs: every changing call of a lower one is refused, whatever its operation, and changes nothing")
    void staleCallsOfOtherOperationsAreRefused() {
        InstanceId id = createdAt(OperationId.random(), 5);
        CallContext current = bench().context(OperationId.random(), 5);
        if (bench().can(DriverCapability.DISKS)) {
            bench().disks().copy(current, id, "kept");
        }
        staleCalls(id, bench().context(OperationId.random(), 4))
                .forEach((verb, call) -> assertThrows(Conflict.class, call, verb));
        assertPower(bench().host(), id, PowerState.SHUTDOWN);
        if (bench().can(DriverCapability.DISKS)) {
            assertEquals(
                    Set.of(new GuestDisk(id, Optional.empty(), true), GuestDisk.copy(id, "kept")),
                    DriverBench.disks(bench().host(), id));
        }
        connection().startGuest(current, id);
        bench().awaitPower(bench().host(), id, PowerState.RUNNING);
    }

    @Test
    @DisplayName("epochs: a call of a higher one fences off those that were here before, and so does fence alone")
    void higherEpochIsRecorded() {
        OperationId first = OperationId.random();
        InstanceId id = createdAt(first, 1);
        connection().startGuest(bench().context(OperationId.random(), 2), id);
        assertThrows(Conflict.class, () -> connection().powerOffGuest(bench().context(first, 1), id));
        bench().awaitPower(bench().host(), id, PowerState.RUNNING);

        OperationId owner = OperationId.random();
        connection().fence(bench().context(owner, 7), id);
        connection().fence(bench().context(owner, 7), id);
        assertThrows(Conflict.class, () -> connection().fence(bench().context(OperationId.random(), 6), id));
        assertThrows(Conflict.class, () -> connection().powerOffGuest(bench().context(OperationId.random(), 6), id));
        assertPower(bench().host(), id, PowerState.RUNNING);
        connection().powerOffGuest(bench().context(owner, 7), id);
        assertPower(bench().host(), id, PowerState.SHUTDOWN);

        connection().fence(bench().context(owner, 7), InstanceId.random());
    }

    private InstanceId createdAt(OperationId operation, long epoch) {
        assumeTrue(bench().fixture().keepsEpochs(), "the driver keeps no epochs");
        InstanceId id = bench().newId();
        bench().cacheImages(connection());
        connection().createGuest(bench().context(operation, epoch), bench().spec(id));
        return id;
    }

    private Map<String, Executable> staleCalls(InstanceId id, CallContext stale) {
        HostConnection host = connection();
        Map<String, Executable> calls = new LinkedHashMap<>();
        calls.put("create", () -> host.createGuest(stale, bench().spec(id)));
        calls.put("start", () -> host.startGuest(stale, id));
        calls.put("power off", () -> host.powerOffGuest(stale, id));
        calls.put("delete", () -> host.deleteGuest(stale, id));
        calls.put("fence", () -> host.fence(stale, id));
        put(calls, DriverCapability.PAUSE, "pause", () -> host.pauseGuest(stale, id));
        put(calls, DriverCapability.PAUSE, "unpause", () -> host.unpauseGuest(stale, id));
        put(calls, DriverCapability.CLEAN_SHUTDOWN, "request shutdown", () -> host.requestShutdown(stale, id));
        put(calls, DriverCapability.CLEAN_REBOOT, "request reboot", () -> host.requestReboot(stale, id));
        put(calls, DriverCapability.SUSPEND, "suspend", () -> host.suspendGuest(stale, id));
        put(calls, DriverCapability.SUSPEND, "resume", () -> host.resumeGuest(stale, id));
        put(calls, DriverCapability.RESIZE, "resize", () -> host.resizeGuest(stale, bench().largerSpec(id)));
        put(calls, DriverCapability.RESCUE, "rescue", () -> host.rescueGuest(stale, bench().rescueSpec(id)));
        put(calls, DriverCapability.RESCUE, "unrescue", () -> host.unrescueGuest(stale, id));
        AdminPassword password = AdminPassword.of("a password");
        put(
                calls,
                DriverCapability.SET_USER_PASSWORD,
                "set a password",
                () -> host.setUserPassword(stale, id, "root", password));
        put(calls, DriverCapability.CRASH_DUMP, "NMI", () -> host.injectNmi(stale, id));
        if (bench().can(DriverCapability.DISKS)) {
            GuestDisks disks = bench().disks();
            calls.put("release", () -> host.releaseGuest(stale, id));
            calls.put("copy", () -> disks.copy(stale, id, "other"));
            calls.put("restore", () -> disks.restore(stale, id, "kept"));
            calls.put("rebuild", () -> disks.rebuild(stale, bench().spec(id)));
            calls.put("delete a copy", () -> disks.delete(stale, GuestDisk.copy(id, "kept")));
        }
        return calls;
    }

    private void put(Map<String, Executable> calls, DriverCapability needed, String verb, Executable call) {
        if (bench().can(needed)) {
            calls.put(verb, call);
        }
    }
}
