package io.gantry.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.spi.driver.ConfigDrive;
import io.gantry.spi.driver.DriverCapability;
import io.gantry.tck.DriverBench.Host;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The part of the driver contract that is about config drives. */
abstract class ConfigDriveSpecifications extends GuestFormSpecifications {
    private static final Optional<ConfigDrive> FIRST = Optional.of(DriverBench.CONFIG_DRIVE);
    private static final Optional<ConfigDrive> SECOND = Optional.of(DriverBench.configDrive(180, "another one "));

    ConfigDriveSpecifications() {}

    @Test
    @DisplayName(
            "create: the guest sees the config drive of its specification, byte for byte, or none; it goes with it")
    void createGivesTheConfigDrive() throws Exception {
        for (Optional<ConfigDrive> drive : List.of(FIRST, SECOND, Optional.<ConfigDrive>empty())) {
            InstanceId id = bench().newId();
            bench().cacheImages(connection());
            connection().createGuest(bench().context(), bench().spec(id, drive));
            assertDrive(id, drive, "created");
            connection().startGuest(bench().context(), id);
            bench().awaitPower(bench().host(), id, PowerState.RUNNING);
            assertDrive(id, drive, "running");
            connection().deleteGuest(bench().context(), id);
            assertEquals(Set.of(), bench().fixture().traces(bench().host().endpoint(), id));
        }
    }

    @Test
    @DisplayName("another size, form or memory: the guest has the same config drive throughout")
    void theConfigDriveStays() throws Exception {
        InstanceId id = bench().created();
        if (bench().can(DriverCapability.RESIZE)) {
            connection().resizeGuest(bench().context(), bench().largerSpec(id));
            assertDrive(id, FIRST, "resized");
        }
        if (bench().can(DriverCapability.RESCUE)) {
            connection().rescueGuest(bench().context(), bench().rescueSpec(id));
            assertDrive(id, FIRST, "in rescue");
            connection().unrescueGuest(bench().context(), id);
            assertDrive(id, FIRST, "out of rescue");
        }
        if (bench().can(DriverCapability.SUSPEND)) {
            connection().startGuest(bench().context(), id);
            bench().awaitPower(bench().host(), id, PowerState.RUNNING);
            connection().suspendGuest(bench().context(), id);
            connection().resumeGuest(bench().context(), id);
            assertDrive(id, FIRST, "resumed");
        }
    }

    @Test
    @DisplayName("rebuild: the guest has the config drive of the specification afterwards, or none; twice is once")
    void rebuildReplacesTheConfigDrive() throws Exception {
        bench().need(DriverCapability.DISKS);
        InstanceId id = bench().created();
        for (Optional<ConfigDrive> drive : List.of(SECOND, Optional.<ConfigDrive>empty(), FIRST, FIRST)) {
            bench().disks().rebuild(bench().context(), bench().spec(id, drive));
            assertDrive(id, drive, "rebuilt");
        }
        connection().startGuest(bench().context(), id);
        bench().awaitPower(bench().host(), id, PowerState.RUNNING);
        assertDrive(id, FIRST, "it starts with it");
    }

    @Test
    @DisplayName("release and create: the host that has the guest next has the config drive of its specification")
    void theNextHostHasTheConfigDrive() throws Exception {
        bench().need(DriverCapability.DISKS);
        Host next = bench().lastHost();
        InstanceId id = bench().created();
        if (!DriverBench.disks(bench().host())
                .storageId()
                .equals(DriverBench.disks(next).storageId())) {
            next = bench().host();
        }
        connection().releaseGuest(bench().context(), id);
        bench().cacheImages(next.connection());
        next.connection().createGuest(bench().context(), bench().spec(id, SECOND));
        bench().assertConfigDrive(next, id, SECOND, "on the next host");
        next.connection().startGuest(bench().context(), id);
        bench().awaitPower(next, id, PowerState.RUNNING);
    }

    private void assertDrive(InstanceId id, Optional<ConfigDrive> expected, String why) throws Exception {
        bench().assertConfigDrive(bench().host(), id, expected, why);
    }
}
