package io.gantry.driver.kvm.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.core.ComputeEngineBuilder;
import io.gantry.flavor.Flavor;
import io.gantry.instance.Instance;
import io.gantry.instance.VmState;
import io.gantry.lab.Heartbeat;
import io.gantry.lab.Lab;
import io.gantry.lab.LabGuest;
import io.gantry.operation.RequestOptions;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Instances that get another size or another host while they are off, which is confirmed or reverted. */
final class ResizeIT extends VerbTestBase {
    private static final String LARGER = "larger";
    private static final int SECTORS = 64 << 11;
    private static final int MORE_SECTORS = 96 << 11;
    private static final Duration UNCONFIRMED = Duration.ofHours(1);

    @Override
    ComputeEngineBuilder settings(ComputeEngineBuilder builder) {
        return builder.confirmAfter(UNCONFIRMED);
    }

    @BeforeAll
    @Override
    void open(Lab lab) {
        super.open(lab);
        engine.compute()
                .flavors()
                .create(Flavor.builder(LARGER)
                        .vcpus(2)
                        .memory(MemorySize.mib(128))
                        .disk(DiskSize.mib(96))
                        .build());
    }

    @AfterEach
    void everyHostIsATargetAgain() {
        leaveOnly(1, 2, 3);
    }

    @ParameterizedTest(name = "from h1 to h{0}")
    @ValueSource(ints = {1, 3})
    void aResizeIsRevertedToTheDiskOfThenAndConfirmedForGood(int target) {
        Instance instance = engine.bootOn(1, "grows", "");
        DiskContent first = DiskContent.write(guest(instance));
        Heartbeat before = beat(instance);
        leaveOnly(target);

        Instance resized = await(instances().resize(instance.id(), LARGER));
        Heartbeat larger = rebooted(instance, before);

        assertEquals(VmState.RESIZED, resized.state());
        assertEquals(Optional.of(engine.hostId(target)), resized.host());
        assertSize(instance, 2, MORE_SECTORS);
        assertEquals(first, DiskContent.read(guest(instance)));
        DiskContent.write(guest(instance));
        engine.assertConsistent();

        Instance reverted = await(instances().revertResize(instance.id()));
        Heartbeat again = rebooted(instance, larger);

        assertEquals(VmState.ACTIVE, reverted.state());
        assertEquals(LabEngine.FLAVOR, reverted.flavor().name());
        assertEquals(Optional.of(engine.hostId(1)), reverted.host());
        assertSize(instance, 1, SECTORS);
        assertEquals(first, DiskContent.read(guest(instance)), "the disk is that of before the resize");
        assertEquals(0, again.diskErrs());
        assertIsOnlyOn(instance, 1);

        DiskContent third = DiskContent.write(guest(instance));
        await(instances().resize(instance.id(), LARGER));
        Instance confirmed = await(instances().confirmResize(instance.id()));
        Heartbeat last = rebooted(instance, again);

        assertEquals(VmState.ACTIVE, confirmed.state());
        assertSize(instance, 2, MORE_SECTORS);
        assertEquals(third, DiskContent.read(guest(instance)));
        assertEquals(0, last.diskErrs());
        assertIsOnlyOn(instance, target);
    }

    @Test
    void aColdMigrationOnOneStorageIsRevertedToTheDiskOfThenAndConfirmedForGood() {
        int target = 2;
        Instance instance = engine.bootOn(1, "moves", "");
        DiskContent first = DiskContent.write(guest(instance));
        Heartbeat before = beat(instance);

        Instance moved = migrate(instance, target);
        Heartbeat there = rebooted(instance, before);

        assertEquals(VmState.RESIZED, moved.state());
        assertEquals(Optional.of(engine.hostId(target)), moved.host());
        assertEquals(List.of("h" + target), engine.runningOn(instance.id()));
        assertTrue(there.diskCount() > before.diskCount());
        assertEquals(first, DiskContent.read(guest(instance)));
        DiskContent.write(guest(instance));
        engine.assertConsistent();

        Instance reverted = await(instances().revertResize(instance.id()));
        Heartbeat again = rebooted(instance, there);

        assertEquals(VmState.ACTIVE, reverted.state());
        assertEquals(first, DiskContent.read(guest(instance)), "the disk is that of before the move");
        assertEquals(0, again.diskErrs());
        assertIsOnlyOn(instance, 1);

        DiskContent third = DiskContent.write(guest(instance));
        migrate(instance, target);
        Instance confirmed = await(instances().confirmResize(instance.id()));
        Heartbeat last = rebooted(instance, again);

        assertEquals(VmState.ACTIVE, confirmed.state());
        assertEquals(third, DiskContent.read(guest(instance)));
        assertEquals(0, last.diskErrs());
        assertIsOnlyOn(instance, target);
    }

    @Test
    void theEngineConfirmsAResizeThatNobodyRevertsInTime() {
        Instance instance = engine.bootOn(1, "settles", "");
        DiskContent content = DiskContent.write(guest(instance));
        Heartbeat before = beat(instance);
        await(instances().stop(instance.id()));
        leaveOnly(2);
        Instance resized = await(instances().resize(instance.id(), LARGER));
        assertEquals(VmState.RESIZED, resized.state());
        assertEquals(List.of(), engine.runningOn(instance.id()), "it was off before");

        clock.advance(UNCONFIRMED);

        LabEngine.await(
                "confirmed", LabEngine.PATIENCE, () -> engine.get(instance).state() == VmState.STOPPED);
        assertIsOnlyOn(instance, 2);
        await(instances().start(instance.id()));
        rebooted(instance, before);
        assertSize(instance, 2, MORE_SECTORS);
        assertEquals(content, DiskContent.read(guest(instance)));
    }

    private Instance migrate(Instance instance, int target) {
        return await(engine.compute()
                .migrations()
                .cold(instance.id(), Optional.of(engine.hostId(target)), RequestOptions.none()));
    }

    /** Disables the hosts to which nothing is to go. */
    private void leaveOnly(int... targets) {
        for (int n = 1; n <= 3; n++) {
            int host = n;
            if (IntStream.of(targets).anyMatch(target -> target == host)) {
                engine.compute().hosts().enable(engine.hostId(n));
            } else {
                engine.compute().hosts().disable(engine.hostId(n), "is no target");
            }
        }
    }

    private void assertSize(Instance instance, int vcpus, int sectors) {
        LabGuest guest = guest(instance);
        assertEquals("sh rc=0 out=" + vcpus + "\\n", guest.command("sh grep -c ^processor /proc/cpuinfo"));
        assertEquals("sh rc=0 out=" + sectors + "\\n", guest.command("sh cat /sys/block/vda/size"));
    }

    /** One host has the guest and its disk, no copy of it is left, and one claim is charged. */
    private void assertIsOnlyOn(Instance instance, int n) {
        assertEquals(List.of("h" + n), engine.definedOn(instance.id()));
        assertEquals(1, disks(engine.filesOn(n, instance.id())));
        assertEquals(1, disks(engine.filesOf(instance.id())));
        for (int host = 1; host <= 3; host++) {
            assertEquals(
                    host == n ? 1 : 0,
                    engine.compute().hosts().get(engine.hostId(host)).usage().instances());
        }
        engine.assertConsistent();
    }

    private static long disks(List<Path> files) {
        return files.stream().filter(file -> file.toString().endsWith(".qcow2")).count();
    }
}
