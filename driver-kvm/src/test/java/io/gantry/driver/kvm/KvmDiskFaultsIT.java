package io.gantry.driver.kvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.ComputeException;
import io.gantry.error.HostUnreachable;
import io.gantry.error.HypervisorError;
import io.gantry.error.NotFound;
import io.gantry.image.DiskFormat;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.lab.Heartbeat;
import io.gantry.lab.Lab;
import io.gantry.lab.LabGuest;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.GuestDisk;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.spi.driver.HostConnection;
import io.gantry.unit.DiskSize;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Copying and filling disks that does not come to its end: nothing is left of it. */
class KvmDiskFaultsIT extends KvmTestBase {
    /** So much that copying it takes long enough to be disturbed. */
    private static final int CONTENT_MIB = 1200;

    KvmDiskFaultsIT(Lab lab) {
        super(lab, TestBed.apart(lab));
    }

    /** A copy under way on a thread of its own. */
    private static final class Copying {
        private final CompletableFuture<Boolean> end = new CompletableFuture<>();
        private final Thread thread;

        Copying(HostConnection host, CallContext context, InstanceId id, String name) {
            thread = new Thread(() -> {
                try {
                    host.disks().orElseThrow().copy(context, id, name);
                    end.complete(Thread.currentThread().isInterrupted());
                } catch (RuntimeException e) {
                    end.completeExceptionally(e);
                }
            });
            thread.start();
        }

        Throwable failure() {
            ExecutionException failure = assertThrows(ExecutionException.class, () -> end.get(1, TimeUnit.MINUTES));
            return Objects.requireNonNull(failure.getCause());
        }
    }

    private void awaitGrowth(InstanceId id) throws Exception {
        TestBed.eventually("a part of the copy", TestBed.BOOT, () -> {
            for (String file : bed.files(1, id)) {
                Path path = bed.storage(1).resolve("instances").resolve(file);
                if (file.contains(".copy-") && Files.exists(path) && Files.size(path) > 4 << 20) {
                    return true;
                }
            }
            return false;
        });
    }

    private InstanceId withMuchContent() {
        bed.cacheImages(1);
        InstanceId id = bed.keep(InstanceId.random());
        bed.host(1).createGuest(TestBed.context(), bed.spec(id, "", 1, 96, DiskSize.mib(CONTENT_MIB + 128)));
        lab.exec(
                lab.host(1),
                "qemu-io",
                "-f",
                "qcow2",
                "-c",
                "write -q -P 0xa5 100M " + CONTENT_MIB + "M",
                bed.storage(1).resolve("instances/" + id + ".qcow2").toString());
        return id;
    }

    @Test
    void aCopyThatIsStoppedLeavesNothingAndTheGuestGoesOn() throws Exception {
        InstanceId id = withMuchContent();

        // The guest is off: interrupted.
        Copying interrupted = new Copying(bed.host(1), TestBed.context(), id, "i");
        awaitGrowth(id);
        interrupted.thread.interrupt();
        assertInstanceOf(HostUnreachable.class, interrupted.failure());
        assertEquals(List.of(id + ".qcow2"), bed.files(1, id));
        assertFalse(lab.exec(lab.host(1), "virsh", "list", "--all", "--name").contains("gantry-copies"));

        // It is on: interrupted; not finished in time; its hypervisor killed.
        bed.start(1, id);
        try (LabGuest guest = bed.console(1, id)) {
            Heartbeat before = guest.awaitHeartbeat(TestBed.BOOT);
            interrupted = new Copying(bed.host(1), TestBed.context(), id, "i");
            awaitGrowth(id);
            interrupted.thread.interrupt();
            assertInstanceOf(HostUnreachable.class, interrupted.failure());
            assertNoCopy(id);

            CallContext hasty = new CallContext(OperationId.random(), 1, Duration.ofMillis(600));
            Throwable late = new Copying(bed.host(1), hasty, id, "late").failure();
            assertInstanceOf(HypervisorError.class, late, late::toString);
            assertNoCopy(id);

            Heartbeat after = guest.awaitHeartbeat(TestBed.BOOT);
            assertEquals(before.bootId(), after.bootId());
            assertTrue(after.diskCount() > before.diskCount());
            assertEquals(0, after.diskErrs());
        }
        Copying killed = new Copying(bed.host(1), TestBed.context(), id, "k");
        awaitGrowth(id);
        lab.killQemu(lab.host(1), id.value());
        assertInstanceOf(ComputeException.class, killed.failure());
        assertNoCopy(id);
        assertEquals(PowerState.CRASHED, bed.power(1, id));
    }

    @Test
    void whatADeadEngineLeftIsStoppedAndDoneAgain() throws Exception {
        InstanceId id = withMuchContent();
        CallContext context = TestBed.context();

        // The guest is off, and the daemon dies, which forgets who held the disk.
        Copying copying = new Copying(bed.host(1), context, id, "c");
        awaitGrowth(id);
        lab.killLibvirtd(lab.host(1));
        assertInstanceOf(HostUnreachable.class, copying.failure());
        lab.startLibvirtd(lab.host(1));
        TestBed.eventually(
                "connected again",
                TestBed.BOOT,
                () -> bed.recorder(1).connection().contains("connected"));
        assertPartIsDoneAgain(id, context);
        bed.disks(1).delete(context, GuestDisk.copy(id, "c"));

        // The guest is on, and the engine dies.
        bed.start(1, id);
        try (KvmDriver dying = KvmDriver.create()) {
            HostConnection host = bed.anew(dying, 1);
            copying = new Copying(host, context, id, "c");
            awaitGrowth(id);
            host.close();
            assertInstanceOf(HostUnreachable.class, copying.failure());
        }
        assertPartIsDoneAgain(id, context);
    }

    private void assertPartIsDoneAgain(InstanceId id, CallContext context) {
        assertTrue(bed.files(1, id).toString().contains(".part"), () -> "marked as a part: " + bed.files(1, id));
        assertThrows(NotFound.class, () -> bed.disks(1).open(id, "c"));
        assertEquals(
                CONTENT_MIB + 128,
                bed.disks(1).copy(context, id, "c").virtualSize().toMib());
        assertFalse(
                bed.files(1, id).toString().contains(".part"),
                () -> bed.files(1, id).toString());
        assertEquals(
                1,
                bed.files(1, id).stream()
                        .filter(file -> file.contains(".copy-"))
                        .count());
    }

    private void assertNoCopy(InstanceId id) {
        assertFalse(
                bed.files(1, id).toString().contains(".copy-"),
                () -> bed.files(1, id).toString());
        assertTrue(bed.disks(1).list().stream().noneMatch(disk -> disk.copy().isPresent()));
    }

    @Test
    void aFullStorageTakesNoPartOfACopy() throws Exception {
        String directory = bed.storage(1).resolve("instances").toString();
        lab.exec(lab.host(1), "mount", "-t", "tmpfs", "-o", "size=56m", "tmpfs", directory);
        try {
            InstanceId id = bed.create(1, "");
            lab.exec(
                    lab.host(1),
                    "qemu-io",
                    "-f",
                    "qcow2",
                    "-c",
                    "write -q -P 0xa5 8M 32M",
                    directory + "/" + id + ".qcow2");
            Exception off =
                    assertThrows(HypervisorError.class, () -> bed.disks(1).copy(TestBed.context(), id, "c"));
            assertEquals(1, volumes(id), () -> off.toString());
            bed.host(1).startGuest(TestBed.context(), id);
            TestBed.eventually("heartbeat", TestBed.BOOT, () -> log(id).contains("HB seq=3 "));
            assertThrows(HypervisorError.class, () -> bed.disks(1).copy(TestBed.context(), id, "c"));
            assertEquals(2, volumes(id), "the disk and the log");
            assertEquals(PowerState.RUNNING, bed.power(1, id));
            bed.host(1).deleteGuest(TestBed.context(), id);

            // Content that does not fit.
            GuestSpec spec = bed.spec(id, "", 1, 96, DiskSize.mib(64));
            Path large = Files.write(lab.newDirectory("content").resolve("raw"), new byte[60 << 20]);
            assertThrows(
                    HypervisorError.class,
                    () -> bed.disks(1)
                            .createGuest(
                                    TestBed.context(), spec, Contents.of(large, DiskFormat.RAW, DiskSize.mib(60))));
            assertEquals(0, volumes(id));
        } finally {
            lab.exec(lab.host(1), "umount", "-l", directory);
        }
    }

    private String log(InstanceId id) {
        return new String(bed.host(1).consoleLog(id, 1 << 16), StandardCharsets.UTF_8);
    }

    private long volumes(InstanceId id) {
        return lab.exec(lab.host(1), "ls", bed.storage(1).resolve("instances").toString())
                .lines()
                .filter(name -> name.startsWith(id.toString()))
                .count();
    }

    @Test
    void contentThatIsNotWhatItIsSaidToBeIsRefused() throws Exception {
        bed.cacheImages(1);
        Path directory = lab.newDirectory("content");
        Path good = directory.resolve("good.qcow2");
        qemuImg("convert", "-O", "qcow2", lab.baseImage().toString(), good.toString());
        byte[] bytes = Files.readAllBytes(good);
        Path backed = directory.resolve("backed.qcow2");
        qemuImg("create", "-q", "-f", "qcow2", "-F", "raw", "-b", "/etc/passwd", backed.toString(), "64M");
        Path split = directory.resolve("split.qcow2");
        qemuImg("create", "-q", "-f", "qcow2", "-o", "data_file=" + directory.resolve("data"), split.toString(), "64M");

        Contents.Opening breaking = () -> new SequenceInputStream(new ByteArrayInputStream(bytes), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the line broke");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return read();
            }
        });
        List<Contents> bad = List.of(
                new Contents(DiskFormat.QCOW2, LabImages.DISK, bytes.length + 10, breaking),
                new Contents(DiskFormat.RAW, LabImages.DISK, bytes.length + 10, breaking),
                new Contents(
                        DiskFormat.QCOW2, LabImages.DISK, bytes.length + 10, () -> new ByteArrayInputStream(bytes)),
                Contents.of(good, DiskFormat.QCOW2, DiskSize.mib(65)),
                Contents.of(lab.kernel(), DiskFormat.QCOW2, LabImages.DISK),
                Contents.of(backed, DiskFormat.QCOW2, LabImages.DISK),
                Contents.of(split, DiskFormat.QCOW2, LabImages.DISK));
        for (Contents content : bad) {
            InstanceId id = InstanceId.random();
            assertThrows(
                    IOException.class,
                    () -> bed.disks(1).createGuest(TestBed.context(), bed.spec(id, ""), content),
                    content::toString);
            assertTrue(bed.host(1).guest(id).isEmpty());
            assertEquals(List.of(), bed.files(1, id));
        }

        // Declared raw, it stays raw whatever it looks like: its bytes are what the guest sees, and no other file.
        InstanceId id = bed.keep(InstanceId.random());
        bed.disks(1)
                .createGuest(
                        TestBed.context(),
                        bed.spec(id, ""),
                        Contents.of(backed, DiskFormat.RAW, new DiskSize(Files.size(backed))));
        String root =
                bed.storage(1).resolve("instances/" + bed.files(1, id).get(0)).toString();
        String info = qemuImg("info", "--output=json", root);
        assertFalse(info.contains("backing-filename"), info);
        assertTrue(info.contains("\"virtual-size\": " + (64 << 20)), info);
        Path seen = directory.resolve("seen");
        qemuImg("convert", "-f", "qcow2", "-O", "raw", root, seen.toString());
        try (InputStream start = Files.newInputStream(seen)) {
            byte[] expected = Files.readAllBytes(backed);
            assertEquals(
                    java.util.HexFormat.of().formatHex(expected),
                    java.util.HexFormat.of().formatHex(start.readNBytes(expected.length)));
        }
        assertEquals(1, bed.files(1, id).size(), () -> bed.files(1, id).toString());
    }

    private String qemuImg(String... words) {
        String[] command = new String[words.length + 1];
        command[0] = "qemu-img";
        System.arraycopy(words, 0, command, 1, words.length);
        return lab.exec(lab.host(1), command);
    }
}
