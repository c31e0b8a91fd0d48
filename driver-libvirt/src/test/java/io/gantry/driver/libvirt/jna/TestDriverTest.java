package io.gantry.driver.libvirt.jna;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.NativeLibrary;
import io.gantry.driver.libvirt.port.DomainCalls;
import io.gantry.driver.libvirt.port.DomainStatus;
import io.gantry.driver.libvirt.port.EventSink;
import io.gantry.driver.libvirt.port.JobStatistics;
import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.port.LibvirtPort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The native port on libvirt's own test hypervisor, which lives in this process. */
class TestDriverTest {
    private static final UUID TEST = UUID.fromString("6695eb01-f6a4-8304-79aa-97f2502e193f");
    private static final String NAME = "gantry-tëst";

    private final List<String> events = new CopyOnWriteArrayList<>();
    private LibvirtPort port = new JnaConnectorForTests().open(events);

    /** Opens with a sink that records. */
    private static final class JnaConnectorForTests {
        LibvirtPort open(List<String> events) {
            return new JnaConnector().open("test:///default", new EventSink() {
                @Override
                public void onLifecycle(UUID domain, String name, int event, int detail) {
                    events.add(name + " " + event + "/" + detail);
                }

                @Override
                public void onReboot(UUID domain, String name) {
                    events.add(name + " reboot");
                }

                @Override
                public void onJobCompleted(UUID domain, JobStatistics statistics) {
                    events.add(name(domain) + " job");
                }

                @Override
                public void onClosed(String reason) {
                    events.add("closed");
                }

                private static String name(UUID domain) {
                    return domain.toString();
                }
            });
        }
    }

    @BeforeAll
    static void libvirtIsInstalled() {
        boolean present;
        try {
            present = NativeLibrary.getInstance("virt") != null;
        } catch (UnsatisfiedLinkError e) {
            present = false;
        }
        if (!present) {
            String reason = "SKIPPED libvirt's own test hypervisor: libvirt0 is not installed";
            System.err.println(reason);
            Assumptions.abort(reason);
        }
    }

    @BeforeEach
    void isAlive() {
        assertTrue(port.isAlive());
    }

    @AfterEach
    void close() {
        port.close();
    }

    private UUID define() {
        UUID id = UUID.randomUUID();
        port.domains()
                .define("<domain type='test'><name>" + NAME + "</name><uuid>" + id
                        + "</uuid><memory>8192</memory><os><type>hvm</type></os>"
                        + "<metadata><g:mark xmlns:g='urn:gantry-test'>ü</g:mark></metadata></domain>");
        return id;
    }

    @Test
    void aDomainGoesThroughItsLife() {
        DomainCalls domains = port.domains();
        UUID id = define();
        assertEquals(
                new DomainStatus(id, NAME, DomainStatus.SHUTOFF, 0, false).state(),
                domains.find(id).orElseThrow().state());
        domains.start(id);
        assertEquals(DomainStatus.RUNNING, domains.find(id).orElseThrow().state());
        assertEquals(2, domains.list().size());
        assertTrue(domains.list().contains(domains.find(id).orElseThrow()));
        domains.suspend(id);
        assertEquals(DomainStatus.PAUSED, domains.find(id).orElseThrow().state());
        domains.resume(id);
        domains.destroy(id);
        assertTrue(domains.xml(id, DomainCalls.XML_INACTIVE).contains("<name>" + NAME + "</name>"));
        domains.undefine(id, 0);
        assertTrue(domains.find(id).isEmpty());
        await(() -> events.equals(
                List.of(NAME + " 0/0", NAME + " 2/0", NAME + " 3/0", NAME + " 4/0", NAME + " 5/1", NAME + " 1/0")));
    }

    @Test
    void metadataIsReadAndReplaced() {
        UUID id = define();
        assertTrue(port.domains().metadata(id, "urn:gantry-test").orElseThrow().contains("ü"));
        assertTrue(port.domains().metadata(id, "urn:other").isEmpty());
        port.domains().setMetadata(id, false, "<mark>new</mark>", "g", "urn:gantry-test");
        assertTrue(port.domains().metadata(id, "urn:gantry-test").orElseThrow().contains("new"));
        port.domains().undefine(id, 0);
    }

    @Test
    void metadataOfADomainThatIsOnOutlivesItsProcess() {
        UUID id = define();
        LibvirtError off = assertThrows(
                LibvirtError.class,
                () -> port.domains().setMetadata(id, true, "<mark>live</mark>", "g", "urn:gantry-test"));
        assertEquals(LibvirtError.OPERATION_INVALID, off.code(), off::toString);
        port.domains().start(id);
        port.domains().setMetadata(id, true, "<mark>live</mark>", "g", "urn:gantry-test");
        assertTrue(port.domains().metadata(id, "urn:gantry-test").orElseThrow().contains("live"));
        port.domains().destroy(id);
        assertTrue(port.domains().metadata(id, "urn:gantry-test").orElseThrow().contains("live"));
        port.domains().undefine(id, 0);
    }

    @Test
    void aSavedDomainSaysSo() {
        DomainCalls domains = port.domains();
        UUID id = define();
        domains.start(id);
        domains.save(id);
        assertTrue(domains.find(id).orElseThrow().saved());
        assertEquals(1, domains.list().stream().filter(DomainStatus::saved).count());
        domains.removeSaved(id);
        domains.removeSaved(id);
        assertFalse(domains.find(id).orElseThrow().saved());
        domains.undefine(id, 0);
    }

    @Test
    void errorsKeepNumberDomainAndWords() {
        UUID unknown = UUID.randomUUID();
        LibvirtError missing =
                assertThrows(LibvirtError.class, () -> port.domains().start(unknown));
        assertEquals(LibvirtError.NO_DOMAIN, missing.code());
        LibvirtError state =
                assertThrows(LibvirtError.class, () -> port.domains().start(TEST));
        assertEquals(LibvirtError.INTERNAL_ERROR, state.code());
        assertEquals(12, state.domain(), "VIR_FROM_TEST");
        assertTrue(state.text().contains("already running"), state::text);
        LibvirtError xml = assertThrows(LibvirtError.class, () -> port.domains().define("<domain/>"));
        assertTrue(xml.code() != 0, xml::toString);
        LibvirtError unsupported =
                assertThrows(LibvirtError.class, () -> port.migrations().abortJob(TEST));
        assertTrue(unsupported.isUnsupported(), unsupported::toString);
        LibvirtError noHost = assertThrows(
                LibvirtError.class,
                () -> new JnaConnector().open("qemu+unix:///system?socket=/nonexistent/socket", silent()));
        assertTrue(noHost.text().contains("/nonexistent/socket"), noHost::text);
    }

    @Test
    void manyThreadsSeeTheirOwnErrors() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Integer>> wrong = IntStream.range(0, 8)
                    .mapToObj(thread -> threads.submit(() -> {
                        int bad = 0;
                        for (int i = 0; i < 1000; i++) {
                            if (i % 2 == 0) {
                                bad += port.domains().find(TEST).isPresent() ? 0 : 1;
                            } else {
                                UUID unknown = new UUID(thread, i);
                                LibvirtError error = assertThrows(
                                        LibvirtError.class, () -> port.domains().suspend(unknown));
                                bad += error.code() == LibvirtError.NO_DOMAIN ? 0 : 1;
                            }
                        }
                        return bad;
                    }))
                    .toList();
            for (Future<Integer> count : wrong) {
                assertEquals(0, count.get());
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void theHostDescribesItself() {
        assertTrue(port.host().nodeInfo().cpus() > 0);
        assertTrue(port.host().nodeInfo().memory() > 1 << 20);
        assertTrue(port.host().libraryVersion() >= 6_000_000);
        assertFalse(port.host().hostname().isEmpty());
        assertTrue(port.host().capabilities().startsWith("<capabilities>"));
        assertEquals(List.of(), port.host().pciDevices(), "it has devices, but none of them is PCI");
    }

    @Test
    void poolsAndVolumesAreMadeAndFound() {
        var storage = port.storage();
        assertTrue(storage.pool("nothing").isEmpty());
        assertTrue(storage.pool("default-pool").orElseThrow().active());
        storage.createVolume(
                "default-pool",
                "<volume><name>v ü</name><capacity>1024</capacity><target><format type='raw'/></target></volume>");
        assertEquals(List.of("v ü"), storage.volumes("default-pool"));
        assertTrue(storage.volume("default-pool", "other").isEmpty());
        storage.deleteVolume("default-pool", "v ü");
        storage.deleteVolume("default-pool", "v ü");
        assertEquals(List.of(), storage.volumes("default-pool"));
        storage.definePool("<pool type='dir'><name>p</name><target><path>/nonexistent/p</path></target></pool>");
        assertFalse(storage.pool("p").orElseThrow().active());
        storage.startPool("p");
        storage.refreshPool("p");
        assertTrue(storage.poolXml("p").contains("/nonexistent/p"));
    }

    @Test
    void anAbandonedConnectionSendsNothing() {
        port.abandon();
        assertFalse(port.isAlive());
        assertEquals(
                LibvirtError.RPC,
                assertThrows(LibvirtError.class, () -> port.domains().find(TEST))
                        .code());
    }

    @Test
    void hundredsOfConnectionsLeaveNoFileOpen() throws Exception {
        for (int i = 0; i < 20; i++) {
            new JnaConnector().open("test:///default", silent()).close();
        }
        long before = openFiles();
        for (int i = 0; i < 300; i++) {
            new JnaConnector().open("test:///default", silent()).close();
        }
        await(() -> openFiles() <= before + 2);
    }

    private static long openFiles() {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void typedParametersAreReadAsTheyWereAdded() {
        NativeLibvirt lib = NativeRuntime.get().lib();
        try (TypedParameters params = new TypedParameters(lib)) {
            params.add("name", "wert ü")
                    .add("number", 1L << 40)
                    .add("absent", (String) null)
                    .add("big", -1L);
            JobStatistics read = params.read();
            assertEquals(3, read.values().size());
            assertEquals("wert ü", read.values().get("name"));
            assertEquals(1L << 40, read.number("number").orElseThrow());
            assertTrue(read.number("name").isEmpty());
            assertEquals("wert ü", read.asText().get("name"));
        }
        assertTrue(TypedParameters.read(null, 0).values().isEmpty());
    }

    private static EventSink silent() {
        return new EventSink() {
            @Override
            public void onLifecycle(UUID domain, String name, int event, int detail) {}

            @Override
            public void onReboot(UUID domain, String name) {}

            @Override
            public void onJobCompleted(UUID domain, JobStatistics statistics) {}

            @Override
            public void onClosed(String reason) {}
        };
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within 10 s");
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
