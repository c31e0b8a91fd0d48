package io.gantry.driver.kvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.ComputeException;
import io.gantry.error.HostUnreachable;
import io.gantry.error.OutcomeUnknown;
import io.gantry.image.Image;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.lab.Lab;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.GuestEvent;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.ImageSource;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Daemons that hang, die and come back; and what is left of all that. */
class KvmFaultsIT extends KvmTestBase {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration CALL = Duration.ofSeconds(3);

    KvmFaultsIT(Lab lab) {
        super(lab, new TestBed(lab, Map.of(HostProperties.DEADLINE_CALL, CALL.toString())));
    }

    @Test
    void aFrozenDaemonIsUnreachableAndComesBack() throws Exception {
        InstanceId id = bed.create(1, "");
        bed.host(1).startGuest(TestBed.context(), id);
        lab.freezeLibvirtd(lab.host(1));
        try {
            long start = System.nanoTime();
            assertEquals(
                    HostUnreachable.class,
                    assertThrows(HostUnreachable.class, () -> bed.host(1).guests())
                            .getClass());
            assertTrue(System.nanoTime() - start < CALL.multipliedBy(2).toNanos(), "the deadline holds");
            assertTrue(bed.recorder(1).connection().get(0).startsWith("disconnected"));
            for (int i = 0; i < 200; i++) {
                start = System.nanoTime();
                assertThrows(HostUnreachable.class, () -> bed.host(1).guests());
                assertTrue(System.nanoTime() - start < Duration.ofSeconds(1).toNanos(), "at once");
                start = System.nanoTime();
                bed.host(2).guests();
                assertTrue(System.nanoTime() - start < CALL.toNanos(), "the other host is not delayed");
            }
            assertTrue(threads("gantry-libvirt-h1-") <= 5, () -> "pile-up: " + names("gantry-libvirt-h1-"));
        } finally {
            lab.thawLibvirtd(lab.host(1));
        }
        TestBed.eventually(
                "connected again", LONG, () -> bed.recorder(1).connection().contains("connected"));
        assertEquals(PowerState.RUNNING, bed.power(1, id));
        bed.host(1).powerOffGuest(TestBed.context(), id);
        TestBed.eventually("events flow again", LONG, () -> bed.recorder(1).saw(id, GuestEvent.Kind.STOPPED));
    }

    @Test
    void aChangeWithoutAnAnswerHasAnUnknownOutcome() throws Exception {
        InstanceId id = bed.create(1, "");
        lab.freezeLibvirtd(lab.host(1));
        try {
            assertThrows(
                    OutcomeUnknown.class,
                    () -> bed.host(1).startGuest(new CallContext(OperationId.random(), 1, CALL), id));
        } finally {
            lab.thawLibvirtd(lab.host(1));
        }
        TestBed.eventually("connected again", LONG, () -> answers(bed.host(1)));
        bed.host(1).startGuest(TestBed.context(), id);
        assertEquals(PowerState.RUNNING, bed.power(1, id));
    }

    @Test
    void aConnectToAFrozenDaemonFailsInTime() throws Exception {
        lab.freezeLibvirtd(lab.host(1));
        try {
            for (int i = 0; i < 2; i++) {
                long start = System.nanoTime();
                assertThrows(
                        HostUnreachable.class,
                        () -> bed.driver()
                                .connect(
                                        LabHosts.endpoint(
                                                lab, 1, bed.storage(), Map.of(HostProperties.DEADLINE_CALL, "PT1S")),
                                        new Recorder()));
                assertTrue(System.nanoTime() - start < Duration.ofSeconds(3).toNanos());
            }
        } finally {
            lab.thawLibvirtd(lab.host(1));
        }
        TestBed.eventually("connected", LONG, () -> answers(bed.host(1)));
        TestBed.eventually(
                "the late connections are gone",
                LONG,
                () -> threads("gantry-libvirt-h1-open") + threads("gantry-libvirt-h1-close") == 0);
    }

    @Test
    void aKilledDaemonComesBackWithItsGuests() throws Exception {
        InstanceId id = bed.create(1, "");
        bed.host(1).startGuest(TestBed.context(), id);
        lab.killLibvirtd(lab.host(1));
        try {
            TestBed.eventually(
                    "noticed", LONG, () -> !bed.recorder(1).connection().isEmpty());
            assertThrows(HostUnreachable.class, () -> bed.host(1).guests());
            lab.killQemu(lab.host(1), id.value());
        } finally {
            lab.startLibvirtd(lab.host(1));
        }
        TestBed.eventually(
                "connected again", LONG, () -> bed.recorder(1).connection().contains("connected"));
        TestBed.eventually("seen as crashed", LONG, () -> bed.power(1, id) == PowerState.CRASHED);
        bed.host(1).startGuest(TestBed.context(), id);
        assertEquals(PowerState.RUNNING, bed.power(1, id));
    }

    @Test
    void aHangingGuestDoesNotTakeItsHostAway() throws Exception {
        InstanceId hanging = bed.create(1, "");
        bed.host(1).startGuest(TestBed.context(), hanging);
        long qemu = lab.qemuPid(lab.host(1), hanging.value());
        signal("STOP", qemu);
        try {
            assertThrows(
                    OutcomeUnknown.class,
                    () -> bed.host(1).pauseGuest(new CallContext(OperationId.random(), 1, CALL), hanging));
            TestBed.eventually("connected again", LONG, () -> answers(bed.host(1)));
            assertEquals(PowerState.RUNNING, bed.power(1, hanging));
            bed.host(1).deleteGuest(TestBed.context(), hanging);
        } finally {
            if (ProcessHandle.of(qemu).isPresent()) {
                signal("CONT", qemu);
            }
        }
        assertTrue(bed.host(1).guest(hanging).isEmpty());
        assertEquals(List.of(), bed.files(hanging));
    }

    @Test
    void hundredsOfConnectionsAndGuestsLeaveNothing() throws Exception {
        InstanceId warm = bed.create(1, "");
        bed.host(1).deleteGuest(TestBed.context(), warm);
        connectAndClose(20);
        TestBed.eventually("the closed ones are freed", LONG, () -> threads("gantry-libvirt-h1-close") == 0);
        long files = openFiles();
        int threads = Thread.activeCount();
        long memory = residentKib();
        connectAndClose(200);
        for (int i = 0; i < 100; i++) {
            InstanceId id = bed.create(1, "");
            bed.host(1).deleteGuest(TestBed.context(), id);
            assertEquals(List.of(), bed.files(id));
        }
        TestBed.eventually("no more files open than before, " + files, LONG, () -> openFiles() <= files + 5);
        assertTrue(Thread.activeCount() <= threads + 12, () -> names("").toString());
        long grown = residentKib() - memory;
        assertTrue(grown < 64 * 1024, () -> "resident memory grew by " + grown + " KiB");
        String left = lab.exec(lab.host(1), "virsh", "list", "--all", "--name");
        assertFalse(left.contains("gantry-"), left);
    }

    @Test
    void parallelCreatesAndDeletesOnSharedStorageLeaveNothing() throws Exception {
        bed.cacheImages(1);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Boolean>> ends = IntStream.range(0, 80)
                    .mapToObj(i -> threads.submit(() -> {
                        int n = 1 + i % 2;
                        InstanceId id = InstanceId.random();
                        bed.host(n).createGuest(TestBed.context(), bed.spec(id, ""));
                        bed.host(n).deleteGuest(TestBed.context(), id);
                        return bed.files(id).isEmpty();
                    }))
                    .toList();
            for (Future<Boolean> end : ends) {
                assertTrue(end.get());
            }
        } finally {
            threads.shutdown();
        }
        assertEquals(List.of(), bed.recorder(1).connection());
        assertEquals(List.of(), bed.recorder(2).connection());
    }

    @Test
    void aDaemonThatDiesUnderAnUploadGetsTheImageAgain() throws Exception {
        LabImages.FileImage image = bed.images().kernel();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch dead = new CountDownLatch(1);
        ImageSource slow = new ImageSource() {
            @Override
            public Image image() {
                return image.image();
            }

            @Override
            public InputStream open() throws IOException {
                return new FilterInputStream(image.open()) {
                    private int read;

                    @Override
                    public int read(byte[] buffer, int offset, int length) throws IOException {
                        if (++read == 4) {
                            begun.countDown();
                            try {
                                dead.await();
                            } catch (InterruptedException e) {
                                throw new IOException(e);
                            }
                        }
                        return super.read(buffer, offset, length);
                    }
                };
            }
        };
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Boolean> upload = thread.submit(() -> {
                bed.host(1).cacheImage(TestBed.context(), slow);
                return true;
            });
            begun.await();
            lab.killLibvirtd(lab.host(1));
            dead.countDown();
            ExecutionException failure = assertThrows(ExecutionException.class, upload::get);
            assertInstanceOf(OutcomeUnknown.class, failure.getCause());
        } finally {
            thread.shutdown();
            lab.startLibvirtd(lab.host(1));
        }
        TestBed.eventually("connected again", LONG, () -> answers(bed.host(1)));
        bed.host(1).cacheImage(TestBed.context(), image);
        assertArrayEquals(
                Files.readAllBytes(image.file()),
                Files.readAllBytes(
                        bed.storage().resolve("images/" + image.image().id() + ".aki")));
    }

    private void connectAndClose(int times) {
        for (int i = 0; i < times; i++) {
            try (HostConnection connection =
                    bed.driver().connect(LabHosts.endpoint(lab, 1, bed.storage()), new Recorder())) {
                connection.guests();
            }
        }
    }

    private static boolean answers(HostConnection host) {
        try {
            host.guests();
            return true;
        } catch (ComputeException e) {
            return false;
        }
    }

    private static void signal(String name, long pid) throws Exception {
        assertEquals(
                0,
                // The shell's own: a bare machine has no such program.
                new ProcessBuilder("sh", "-c", "kill -$0 $1", name, Long.toString(pid))
                        .start()
                        .waitFor());
    }

    private static List<String> names(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .sorted()
                .toList();
    }

    private static long threads(String prefix) {
        return names(prefix).size();
    }

    private static long openFiles() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    private static long residentKib() throws Exception {
        System.gc();
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }
}
