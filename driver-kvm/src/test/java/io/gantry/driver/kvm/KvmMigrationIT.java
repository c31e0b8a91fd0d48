package io.gantry.driver.kvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.ComputeException;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.lab.Heartbeat;
import io.gantry.lab.Lab;
import io.gantry.lab.LabGuest;
import io.gantry.lab.Verification;
import io.gantry.lab.WithLab;
import io.gantry.migration.MigrationStatistics;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.MigrationJob;
import io.gantry.spi.driver.MigrationOffer;
import io.gantry.spi.driver.MigrationTuning;
import io.gantry.unit.Bandwidth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Live migrations between real QEMUs, with a guest that checks its memory. */
@WithLab(hosts = 2)
class KvmMigrationIT {
    private static final MigrationTuning SLOW = new MigrationTuning(Duration.ofMillis(50), Bandwidth.mibPerSecond(4));
    private static final MigrationTuning WATCHABLE =
            new MigrationTuning(Duration.ofMillis(500), Bandwidth.mibPerSecond(24));
    private static final Duration END = Duration.ofSeconds(60);

    private final Lab lab;
    private TestBed bed;

    KvmMigrationIT(Lab lab) {
        this.lab = lab;
        this.bed = new TestBed(lab);
    }

    @BeforeEach
    void imagesAreThere() {
        bed.cacheImages(1);
    }

    @AfterEach
    void cleanUp() {
        bed.close();
    }

    @Test
    void aDirtyingGuestMovesThereAndBackWithItsFiguresAndMemory() throws Exception {
        InstanceId id = bed.boot(1, "lab.ws=32 lab.rate=10");
        try (LabGuest console = bed.console(1, id)) {
            Heartbeat before = console.awaitHeartbeat(TestBed.BOOT);
            MigrationJob job = bed.migrate(1, 2, id, WATCHABLE);
            List<MigrationStatistics> samples = new ArrayList<>();
            while (!job.await(Duration.ofMillis(100))) {
                samples.add(job.statistics());
            }
            MigrationStatistics end = job.statistics();
            assertTrue(end.downtime().orElseThrow().toMillis() > 0, end::toString);
            assertTrue(end.downtime().orElseThrow().compareTo(Duration.ofSeconds(10)) < 0, end::toString);
            assertTrue(end.memoryTotal() > 90L << 20, end::toString);
            assertTrue(end.memoryProcessed() > 32L << 20, end::toString);
            assertEquals(0, end.memoryRemaining(), end::toString);
            assertTrue(end.other().containsKey("setup_time"), end::toString);
            assertTrue(samples.stream().anyMatch(sample -> sample.memoryRemaining() > 0), samples::toString);
            assertTrue(bed.host(1).guest(id).isEmpty());
            assertEquals(PowerState.RUNNING, bed.power(2, id));

            assertMoves(bed.migrate(2, 1, id, TestBed.FAST));
            Verification memory = console.at(lab.host(1)).verify();
            assertTrue(memory.ok(), memory::toString);
            assertEquals(before.bootId(), memory.bootId());
            assertEquals(0, console.awaitHeartbeat(TestBed.BOOT).errs());
        }
    }

    @Test
    void maxDowntimeAndBandwidthAreApplied() throws Exception {
        InstanceId id = bed.boot(1, "lab.ws=32 lab.rate=10");
        MigrationJob job = bed.migrate(1, 2, id, SLOW);
        TestBed.eventually("a sample", END, () -> job.statistics().memoryProcessed() > 0);
        assertFalse(job.await(Duration.ofSeconds(5)), "a dirtying guest at 4 MiB/s does not converge");
        MigrationStatistics sample = job.statistics();
        assertTrue(sample.bandwidth().bytesPerSecond() < 6L << 20, sample::toString);
        String parameters = lab.exec(
                lab.host(1),
                "virsh",
                "qemu-monitor-command",
                id.toString(),
                "{\"execute\":\"query-migrate-parameters\"}");
        assertTrue(parameters.contains("\"downtime-limit\":50,"), parameters);
        job.abort();
        assertThrows(ComputeException.class, () -> job.await(END));
        assertStaysAtSource(id);
    }

    @Test
    void abortedJobLeavesTheGuestAtItsSource() throws Exception {
        InstanceId id = bed.boot(1, "lab.ws=32 lab.rate=10");
        MigrationJob job = bed.migrate(1, 2, id, SLOW);
        TestBed.eventually("a sample", END, () -> job.statistics().memoryProcessed() > 0);
        job.abort();
        ComputeException failure = assertThrows(ComputeException.class, () -> job.await(END));
        assertTrue(String.valueOf(failure.getMessage()).contains("abort"), failure::toString);
        assertStaysAtSource(id);
        // and the next one works
        assertMoves(bed.migrate(1, 2, id, TestBed.FAST));
        assertEquals(PowerState.RUNNING, bed.power(2, id));
    }

    @Test
    void theTargetsQemuDies() throws Exception {
        InstanceId id = bed.boot(1, "lab.ws=32 lab.rate=10");
        MigrationJob job = underWay(id);
        lab.killQemu(lab.host(2), id.value());
        assertThrows(ComputeException.class, () -> job.await(END));
        assertStaysAtSource(id);
    }

    @Test
    void theTargetsDaemonDies() throws Exception {
        InstanceId id = bed.boot(1, "lab.ws=32 lab.rate=10");
        MigrationJob job = underWay(id);
        lab.killLibvirtd(lab.host(2));
        try {
            assertThrows(ComputeException.class, () -> job.await(END));
            assertEquals(PowerState.RUNNING, bed.power(1, id));
        } finally {
            lab.startLibvirtd(lab.host(2));
        }
        TestBed.eventually("the target answers again", END, () -> answers(bed.host(2)));
        assertStaysAtSource(id);
    }

    @Test
    void theTargetLosesPower() throws Exception {
        InstanceId id = bed.boot(1, "lab.ws=32 lab.rate=10");
        MigrationJob job = underWay(id);
        lab.powerOff(lab.host(2));
        try {
            assertThrows(ComputeException.class, () -> job.await(END));
            assertEquals(PowerState.RUNNING, bed.power(1, id));
        } finally {
            lab.powerOn(lab.host(2));
        }
        TestBed.eventually("the target answers again", END, () -> answers(bed.host(2)));
        assertStaysAtSource(id);
        // The lab gives a host another MAC address when it goes on; the source remembers the old one for a minute.
        lab.exec(lab.host(1), "ip", "neigh", "flush", "all");
        assertMoves(bed.migrate(1, 2, id, TestBed.FAST));
    }

    @Test
    void refusalsNameTheirReasons() {
        InstanceId id = bed.boot(1, "");
        MigrationOffer offer = bed.source(1).offer(id);
        assertEquals(List.of(), bed.target(2).refusals(offer));
        assertRefusal(refusals(2, Map.of(HostProperties.MIGRATION_URI, ""), offer), "no property migration.uri");
        assertRefusal(refusals(2, Map.of(HostProperties.STORAGE_ID, ""), offer), "do not share storage");
        assertRefusal(
                refusals(2, Map.of(HostProperties.STORAGE_DIRECTORY, bed.storage() + "-other"), offer),
                "does not see the guest's files");
        assertRefusal(bed.target(1).refusals(offer), "has this guest already");
        MigrationOffer unsafe = otherSource(Map.of(HostProperties.TCG_MIGRATION_SAFE, "false"), id);
        assertRefusal(bed.target(2).refusals(unsafe), "may lose its memory");
        MigrationOffer newer =
                new MigrationOffer(id, offer.hypervisorType(), "99.1.0", offer.description(), offer.facts());
        assertRefusal(bed.target(2).refusals(newer), "the older 7.2");
        MigrationOffer kvm = new MigrationOffer(id, "kvm", "7.2.0", offer.description(), offer.facts());
        assertRefusal(bed.target(2).refusals(kvm), "needs hypervisor type kvm");
        MigrationOffer machine = new MigrationOffer(
                id,
                offer.hypervisorType(),
                offer.hypervisorVersion(),
                offer.description().replaceAll("machine='[^']*'", "machine='pc-i440fx-99.0'"),
                offer.facts());
        assertRefusal(bed.target(2).refusals(machine), "does not know the guest's machine type pc-i440fx-99.0");
    }

    @Test
    void theEmulatorsPathMayDiffer() throws Exception {
        InstanceId id = bed.boot(1, "lab.ws=8 lab.rate=1");
        MigrationOffer offer = bed.source(1).offer(id);
        Recorder recorder = new Recorder();
        try (HostConnection other = bed.driver()
                .connect(
                        LabHosts.endpoint(
                                lab,
                                2,
                                bed.storage(),
                                Map.of(HostProperties.EMULATOR, linkToEmulator().toString())),
                        recorder)) {
            var ticket = other.migrationTarget().orElseThrow().prepare(TestBed.context(), offer);
            assertTrue(bed.source(1)
                    .start(TestBed.context(), offer, ticket, TestBed.FAST)
                    .await(END));
            assertEquals(PowerState.RUNNING, bed.power(2, id));
            String xml = lab.exec(lab.host(2), "virsh", "dumpxml", "--inactive", id.toString());
            assertTrue(xml.contains("other-emulator</emulator>"), xml);
        }
    }

    private java.nio.file.Path linkToEmulator() throws java.io.IOException {
        java.nio.file.Path script = bed.storage().resolve("other-emulator");
        java.nio.file.Files.writeString(script, "#!/bin/sh\nexec " + lab.emulator() + " \"$@\"\n");
        assertTrue(script.toFile().setExecutable(true));
        return script;
    }

    private List<String> refusals(int n, Map<String, String> changes, MigrationOffer offer) {
        try (HostConnection other =
                bed.driver().connect(LabHosts.endpoint(lab, n, bed.storage(), changes), new Recorder())) {
            return other.migrationTarget().orElseThrow().refusals(offer);
        }
    }

    private MigrationOffer otherSource(Map<String, String> changes, InstanceId id) {
        try (HostConnection other =
                bed.driver().connect(LabHosts.endpoint(lab, 1, bed.storage(), changes), new Recorder())) {
            return other.migrationSource().orElseThrow().offer(id);
        }
    }

    private static void assertRefusal(List<String> refusals, String part) {
        assertEquals(1, refusals.size(), refusals::toString);
        assertTrue(refusals.get(0).contains(part), refusals::toString);
    }

    private MigrationJob underWay(InstanceId id) throws Exception {
        MigrationJob job = bed.migrate(1, 2, id, SLOW);
        TestBed.eventually("memory flows", END, () -> job.statistics().memoryProcessed() > 1 << 20);
        return job;
    }

    private static void assertMoves(MigrationJob job) throws InterruptedException {
        assertTrue(job.await(END), () -> "it goes on: " + job.statistics());
    }

    private static boolean answers(HostConnection host) {
        try {
            host.guests();
            return true;
        } catch (ComputeException e) {
            return false;
        }
    }

    private void assertStaysAtSource(InstanceId id) throws Exception {
        TestBed.eventually("it runs at its source", END, () -> bed.power(1, id) == PowerState.RUNNING);
        bed.target(2).abandon(TestBed.context(), id);
        assertTrue(bed.host(2).guest(id).isEmpty());
        assertFalse(bed.files(id).isEmpty());
        try (LabGuest console = bed.console(1, id)) {
            Verification memory = console.verify();
            assertTrue(memory.ok(), memory::toString);
        }
    }
}
