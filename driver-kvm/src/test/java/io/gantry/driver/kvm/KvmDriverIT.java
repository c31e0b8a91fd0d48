package io.gantry.driver.kvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.Conflict;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.lab.Lab;
import io.gantry.spi.driver.GuestEvent;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.ImageSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the driver contract does not ask for: what is on the disk, and how it got there. */
class KvmDriverIT extends KvmTestBase {
    private static final Duration LONG = Duration.ofSeconds(60);

    KvmDriverIT(Lab lab) {
        super(lab);
    }

    @Test
    void aGuestIsMadeOfWhatTheDesignSays() throws Exception {
        InstanceId id = bed.boot(1, "lab.ws=8 lab.rate=1");
        String xml = lab.exec(lab.host(1), "virsh", "dumpxml", id.toString());
        for (String part : List.of(
                "<name>gantry-" + id + "</name>",
                "<gantry:guest xmlns:gantry=\"https://gantry.io/xmlns/libvirt/1\">",
                "<title>a &lt;b&gt;&amp;&quot;name&apos;  ünï ]]&gt;</title>",
                "machine='pc-i440fx-",
                "cache='none'",
                "<model fallback='forbid'>qemu64</model>",
                "<on_crash>destroy</on_crash>",
                "<rng model='virtio'>")) {
            assertTrue(xml.contains(part), () -> part + " is not in " + xml);
        }
        assertFalse(xml.contains("<interface"), xml);
        String disk = lab.exec(
                lab.host(1),
                "qemu-img",
                "info",
                "--force-share",
                "--output=json",
                bed.storage().resolve("instances/" + id + ".qcow2").toString());
        assertTrue(disk.contains("\"backing-filename-format\": \"qcow2\""), disk);
        assertTrue(disk.contains("\"virtual-size\": " + (64 << 20)), disk);
        byte[] log = bed.host(1).consoleLog(id, 1 << 20);
        assertTrue(new String(log, java.nio.charset.StandardCharsets.UTF_8).contains("HB seq="));
        bed.host(1).deleteGuest(TestBed.context(), id);
        assertEquals(List.of(), bed.files(id));
        assertTrue(bed.recorder(1).saw(id, GuestEvent.Kind.REMOVED));
    }

    @Test
    void theLogEndsWithWhatTheGuestWroteLast() throws Exception {
        InstanceId id = bed.boot(1, "");
        bed.host(1).powerOffGuest(TestBed.context(), id);
        byte[] file = Files.readAllBytes(bed.storage().resolve("instances/" + id + ".console.log"));
        byte[] tail = bed.host(1).consoleLog(id, 50);
        assertArrayEquals(java.util.Arrays.copyOfRange(file, file.length - 50, file.length), tail);
        assertArrayEquals(file, bed.host(1).consoleLog(id, Integer.MAX_VALUE));
    }

    @Test
    void anInterruptedUploadIsDoneAgain() throws Exception {
        LabImages.FileImage image = bed.images().ramdisk();
        ImageSource breaking = new ImageSource() {
            @Override
            public io.gantry.image.Image image() {
                return image.image();
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(new byte[300_000]) {
                    @Override
                    public synchronized int read(byte[] buffer, int offset, int length) {
                        int read = super.read(buffer, offset, length);
                        if (read < 0) {
                            throw new UncheckedIOException(new IOException("the line broke"));
                        }
                        return read;
                    }
                };
            }
        };
        assertThrows(IOException.class, () -> bed.host(1).cacheImage(TestBed.context(), breaking));
        assertEquals(List.of(), imageFiles());
        // What a process leaves that dies in the middle: a part, and no mark.
        Path part = bed.storage().resolve("images/" + image.image().id() + ".ari");
        Files.write(part, new byte[1000]);
        bed.host(1).cacheImage(TestBed.context(), image);
        assertArrayEquals(Files.readAllBytes(image.file()), Files.readAllBytes(part));
        assertEquals(2, imageFiles().size(), imageFiles()::toString);
    }

    @Test
    void contentThatIsNotTheImageIsRefused() {
        LabImages.FileImage image = bed.images().ramdisk();
        ImageSource wrong = new ImageSource() {
            @Override
            public io.gantry.image.Image image() {
                return image.image();
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(new byte[(int) image.image().size()]);
            }
        };
        IOException refused = assertThrows(IOException.class, () -> bed.host(1).cacheImage(TestBed.context(), wrong));
        assertTrue(String.valueOf(refused.getMessage()).contains("SHA-256"), refused::toString);
        assertEquals(List.of(), imageFiles());
    }

    @Test
    void hostsOfOneStorageUploadAnImageOnce() throws Exception {
        AtomicInteger opened = new AtomicInteger();
        LabImages.FileImage image = bed.images().kernel();
        ImageSource counted = new ImageSource() {
            @Override
            public io.gantry.image.Image image() {
                return image.image();
            }

            @Override
            public InputStream open() throws IOException {
                opened.incrementAndGet();
                return image.open();
            }
        };
        ExecutorService callers = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Boolean>> calls = Stream.of(1, 2, 1, 2, 1, 2, 1, 2)
                    .map(n -> (Callable<Boolean>) () -> {
                        bed.host(n).cacheImage(TestBed.context(), counted);
                        return true;
                    })
                    .toList();
            for (Future<Boolean> call : callers.invokeAll(calls)) {
                assertTrue(call.get());
            }
        } finally {
            callers.shutdown();
        }
        assertEquals(1, opened.get());
    }

    @Test
    void aFileThatACrashLeftIsReplaced() throws Exception {
        bed.cacheImages(1);
        InstanceId id = InstanceId.random();
        Path left = bed.storage().resolve("instances/" + id + ".qcow2");
        Files.write(left, new byte[1234]);
        bed.host(1).createGuest(TestBed.context(), bed.spec(id, ""));
        assertTrue(Files.size(left) > 10_000);
        bed.host(1).deleteGuest(TestBed.context(), id);
        // The domain went, and the process died before the files did.
        Files.write(left, new byte[1234]);
        Files.write(bed.storage().resolve("instances/" + id + ".console.log.0"), new byte[10]);
        bed.host(1).deleteGuest(TestBed.context(), id);
        assertEquals(List.of(), bed.files(id));
    }

    @Test
    void noHostTouchesTheFilesOfAnotherHostsGuest() throws Exception {
        InstanceId id = bed.create(1, "");
        bed.host(2).deleteGuest(TestBed.context(), id);
        assertEquals(1, bed.files(id).size());
        // On its way to that host, and turned back.
        bed.host(2).createGuest(TestBed.context(), bed.spec(id, ""));
        bed.host(2).deleteGuest(TestBed.context(), id);
        assertEquals(1, bed.files(id).size());
        bed.host(1).startGuest(TestBed.context(), id);
        assertThrows(Conflict.class, () -> bed.host(2).createGuest(TestBed.context(), bed.spec(id, "")));
        assertEquals(PowerState.RUNNING, bed.power(1, id));
    }

    @Test
    void poolsThatAreLostAreMadeAgain() throws Exception {
        InstanceId id = bed.create(1, "");
        for (String pool : pools()) {
            lab.exec(lab.host(1), "virsh", "pool-destroy", pool);
        }
        for (String pool : pools("--inactive")) {
            lab.exec(lab.host(1), "virsh", "pool-undefine", pool);
        }
        bed.host(1).startGuest(TestBed.context(), id);
        TestBed.eventually("console log", LONG, () -> bed.host(1).consoleLog(id, 100).length > 0);
        bed.host(1).deleteGuest(TestBed.context(), id);
        assertEquals(List.of(), bed.files(id));
    }

    private List<String> pools(String... options) {
        List<String> words = new ArrayList<>(List.of("virsh", "pool-list", "--name"));
        words.addAll(List.of(options));
        return lab.exec(lab.host(1), words.toArray(String[]::new))
                .lines()
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    @Test
    void hostsThatShareADirectoryUnknowinglyStillWork() throws Exception {
        bed.cacheImages(1);
        try (HostConnection other = bed.driver()
                .connect(
                        LabHosts.endpoint(lab, 2, bed.storage(), java.util.Map.of(HostProperties.STORAGE_ID, "")),
                        new Recorder())) {
            for (LabImages.FileImage image : bed.images().all()) {
                other.cacheImage(TestBed.context(), image);
            }
            InstanceId id = InstanceId.random();
            other.createGuest(TestBed.context(), bed.spec(id, ""));
            other.deleteGuest(TestBed.context(), id);
            assertEquals(List.of(), bed.files(id));
        }
    }

    private List<String> imageFiles() {
        try (Stream<Path> files = Files.list(bed.storage().resolve("images"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name ->
                            name.startsWith(bed.images().ramdisk().image().id().toString()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
