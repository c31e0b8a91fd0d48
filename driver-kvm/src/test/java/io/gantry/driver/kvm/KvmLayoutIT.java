package io.gantry.driver.kvm;

import static io.gantry.driver.kvm.Layouts.cell;
import static io.gantry.driver.kvm.Layouts.pins;
import static io.gantry.driver.kvm.Layouts.set;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.driver.libvirt.LibvirtEndpoint;
import io.gantry.driver.libvirt.LibvirtHost;
import io.gantry.driver.libvirt.topology.CpuSet;
import io.gantry.error.Conflict;
import io.gantry.error.InvalidRequest;
import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.lab.Lab;
import io.gantry.lab.LabGuest;
import io.gantry.lab.Verification;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.MigrationOffer;
import io.gantry.spi.driver.MigrationTicket;
import io.gantry.spi.driver.RescueSpec;
import io.gantry.topology.GuestLayout;
import io.gantry.topology.HostCell;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests that are laid out on real hosts. CPUs are what the threads of their QEMUs may run on, as the kernel says. */
class KvmLayoutIT extends KvmTestBase {
    private static final Duration END = Duration.ofSeconds(60);
    private static final Path HUGE_PAGES =
            Path.of("/sys/devices/system/node/node0/hugepages/hugepages-2048kB/nr_hugepages");

    KvmLayoutIT(Lab lab) {
        super(lab);
    }

    @BeforeEach
    void twoCpus() {
        Assumptions.assumeTrue(Files.exists(Path.of("/sys/devices/system/cpu/cpu1")), "needs CPUs 0 and 1");
    }

    private InstanceId create(int n, String words, int vcpus, int mib, GuestLayout layout) {
        bed.cacheImages(n);
        InstanceId id = bed.keep(InstanceId.random());
        bed.host(n).createGuest(TestBed.context(), spec(id, words, vcpus, mib, layout));
        return id;
    }

    private GuestSpec spec(InstanceId id, String words, int vcpus, int mib, GuestLayout layout) {
        return bed.spec(id, words, vcpus, mib, LabImages.DISK, layout);
    }

    /** What each thread of a guest's QEMU may run on, by the thread's name. */
    private Map<String, Set<String>> threads(int n, InstanceId id) throws IOException {
        Path tasks = Path.of("/proc/" + lab.qemuPid(lab.host(n), id.value()) + "/task");
        try (Stream<Path> all = Files.list(tasks)) {
            return all.map(task -> status(task.resolve("status")))
                    .collect(Collectors.groupingBy(
                            status -> status.get(0), Collectors.mapping(status -> status.get(1), Collectors.toSet())));
        }
    }

    private static List<String> status(Path file) {
        try {
            Map<String, String> fields = Files.readAllLines(file).stream()
                    .map(line -> line.split(":\\s*", 2))
                    .collect(Collectors.toMap(field -> field[0], field -> field.length > 1 ? field[1] : ""));
            return List.of(fields.getOrDefault("Name", ""), fields.getOrDefault("Cpus_allowed_list", ""));
        } catch (IOException e) {
            return List.of("gone", ""); // a worker thread that ended meanwhile
        }
    }

    private void assertThreads(int n, InstanceId id, String vcpus, String others) throws IOException {
        Map<String, Set<String>> threads = threads(n, id);
        threads.remove("gone");
        threads.forEach((name, cpus) -> assertEquals(
                Set.of(name.endsWith("/TCG") || name.endsWith("/KVM") ? vcpus : others), cpus, threads::toString));
        assertTrue(threads.keySet().stream().anyMatch(name -> name.startsWith("CPU 0/")), threads::toString);
    }

    private String virsh(int n, String... words) {
        return lab.exec(
                lab.host(n),
                Stream.concat(Stream.of("virsh"), Arrays.stream(words)).toArray(String[]::new));
    }

    /** {@return the definition, whoever changed it last} */
    private String definition(int n, InstanceId id) {
        return virsh(n, "dumpxml", "--inactive", id.toString())
                .replaceAll("<gantry:operation>.*</gantry:operation>", "");
    }

    /** {@return what virsh says of each vCPU and of the emulator} */
    private String pinning(int n, InstanceId id) {
        return Stream.of("vcpupin", "emulatorpin")
                .flatMap(what -> virsh(n, what, id.toString()).lines())
                .map(line -> line.strip().replaceAll("\\s+", " "))
                .filter(line -> line.matches("(\\d+|\\*:) [0-9,-]+"))
                .collect(Collectors.joining("; "));
    }

    @Test
    void theInventoryHasTheCpusOfThisMachine() throws IOException {
        List<HostCell> cells = bed.host(1).inventory().topology().cells();
        NavigableSet<Integer> cpus = new TreeSet<>();
        cells.forEach(cell -> cell.cores().forEach(cpus::addAll));
        String online =
                Files.readString(Path.of("/sys/devices/system/cpu/online")).strip();
        assertEquals(online, CpuSet.text(cpus));
        for (HostCell cell : cells) {
            assertEquals(4, cell.smallPageKib());
            Path node = Path.of("/sys/devices/system/node/node" + cell.id());
            assertTrue(Files.isDirectory(node), node::toString);
            long bytes = Files.readAllLines(node.resolve("meminfo")).stream()
                    .filter(line -> line.contains("MemTotal:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll(".*MemTotal:\\s*(\\d+) kB", "$1")) << 10)
                    .findFirst()
                    .orElseThrow();
            assertTrue(cell.memory().bytes() > 0 && cell.memory().bytes() <= bytes, cell::toString);
        }
        assertEquals(List.of(), bed.host(1).inventory().topology().devices(), "none is given away unasked");
    }

    @Test
    void devicesThatMayBeGivenAwayAreTheOnesThatCanBe() throws IOException {
        Path sysfs = Path.of("/sys/bus/pci/devices");
        Assumptions.assumeTrue(Files.isDirectory(sysfs), "this machine has no PCI");
        List<String> addresses;
        try (Stream<Path> devices = Files.list(sysfs)) {
            addresses = devices.map(device -> device.getFileName().toString())
                    .sorted()
                    .toList();
        }
        LibvirtEndpoint endpoint =
                new LibvirtEndpoint(HostId.of("h1"), lab.host(1).uri(), Duration.ofSeconds(10));
        try (LibvirtHost libvirt = LibvirtHost.connect(endpoint, new Recorder())) {
            List<String> found =
                    libvirt.read("list PCI devices", port -> port.host().pciDevices());
            assertEquals(addresses.size(), found.size(), found::toString);
        }
        Map<String, String> properties = Map.of(HostProperties.PCI_DEVICES, String.join(",", addresses));
        try (HostConnection generous =
                bed.driver().connect(LabHosts.endpoint(lab, 1, bed.storage(), properties), new Recorder())) {
            List<String> offered = generous.inventory().topology().devices().stream()
                    .map(device -> device.address())
                    .toList();
            assertEquals(
                    addresses.stream()
                            .filter(address -> isAssignable(sysfs.resolve(address)))
                            .toList(),
                    offered);
        }
    }

    private static boolean isAssignable(Path device) {
        try {
            return Files.exists(device.resolve("iommu_group"))
                    && !Files.readString(device.resolve("class")).startsWith("0x06");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aPinnedGuestRunsOnItsCpuAndFollowsItsLayoutToAnotherHost() throws Exception {
        GuestLayout here = new GuestLayout(List.of(cell(set(0), 96, 0, 0)), pins(set(1)), set(0), Set.of(), List.of());
        InstanceId id = create(1, "lab.ws=8 lab.rate=2", 1, 96, here);
        bed.start(1, id);
        assertEquals("0 1; *: 0", pinning(1, id));
        assertThreads(1, id, "1", "0");
        String xml = virsh(1, "dumpxml", id.toString());
        assertTrue(xml.contains("<memnode cellid='0' mode='strict' nodeset='0'/>"), xml);

        GuestLayout there = Layouts.pinned(96, 0);
        bed.cacheImages(2);
        MigrationOffer offer = bed.source(1).offer(id).withLayout(there);
        assertEquals(List.of(), bed.target(2).refusals(offer));
        MigrationTicket ticket = bed.target(2).prepare(TestBed.context(), offer);
        assertTrue(bed.source(1)
                .start(TestBed.context(), offer, ticket, TestBed.FAST)
                .await(END));
        assertEquals(PowerState.RUNNING, bed.power(2, id));
        assertEquals("0 0; *: 0", pinning(2, id));
        assertThreads(2, id, "0", "0");
        String kept = definition(2, id);
        assertTrue(kept.contains("<vcpupin vcpu='0' cpuset='0'/>"), kept);
        assertFalse(kept.contains("cpuset='1'"), kept);
        try (LabGuest console = bed.console(1, id)) {
            Verification memory = console.at(lab.host(2)).verify();
            assertTrue(memory.ok(), memory::toString);
        }
        // It is there after its next start, too.
        bed.host(2).powerOffGuest(TestBed.context(100), id);
        bed.host(2).startGuest(TestBed.context(100), id);
        assertThreads(2, id, "0", "0");
    }

    @Test
    void aGuestSeesItsCellsAndEachIsWhereItWasPut() throws Exception {
        GuestLayout mixed = new GuestLayout(
                List.of(cell(set(0), 64, 0, 0), cell(set(1), 96, 0, 0)),
                pins(set(1), set(0, 1)),
                set(0, 1),
                Set.of(),
                List.of());
        InstanceId id = create(1, "lab.ws=8", 2, 160, mixed);
        bed.start(1, id);
        try (LabGuest guest = bed.console(1, id)) {
            assertEquals("sh rc=0 out=0-1\\n", guest.command("sh cat /sys/devices/system/node/online"));
            assertEquals("sh rc=0 out=0\\n1\\n", guest.command("sh cat /sys/devices/system/node/node?/cpulist"));
        }
        assertEquals("0 1; 1 0-1; *: 0-1", pinning(1, id));
        Map<String, Set<String>> threads = threads(1, id);
        assertEquals(Set.of("1"), threads.get("CPU 0/TCG"), threads::toString);
        assertEquals(Set.of("0-1"), threads.get("CPU 1/TCG"), threads::toString);
    }

    @Test
    void aFloatingGuestIsKeptOffDedicatedCpusAndFreeWhereThereAreNone() throws Exception {
        InstanceId id = create(1, "lab.ws=8 lab.rate=2", 1, 96, Layouts.floating(1));
        bed.start(1, id);
        assertThreads(1, id, "1", "1");
        assertTrue(bed.migrate(1, 2, id, TestBed.FAST).await(END));
        assertFalse(definition(2, id).contains("cpuset="), () -> definition(2, id));
        String all = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .map(line -> line.split(":\\s*", 2)[1])
                .findFirst()
                .orElseThrow();
        assertThreads(2, id, all, all);
    }

    @Test
    void aTargetRefusesWhatItCannotHonourAndWhatTheGuestWouldNotice() throws Exception {
        InstanceId id = create(1, "lab.ws=8", 1, 96, Layouts.pinned(96, 0));
        bed.start(1, id);
        MigrationOffer offer = bed.source(1).offer(id);
        assertEquals(List.of(), bed.target(2).refusals(offer), "nobody knows yet where it will be");
        assertNotPrepared(offer, "would see [] on host h2");
        assertRefused(offer.withLayout(Layouts.pinned(64, 0)), "would see [vCPUs 0 with 65536 KiB]");
        assertRefused(offer.withLayout(Layouts.pinned(96, 4711)), "4711");
        assertRefused(
                offer.withLayout(
                        new GuestLayout(List.of(cell(set(0), 96, 15, 0)), pins(set(0)), set(0), Set.of(), List.of())),
                "is no NUMA cell with CPUs of host h2");
        MigrationOffer device = new MigrationOffer(
                id,
                offer.hypervisorType(),
                offer.hypervisorVersion(),
                offer.description()
                        .replace(
                                "</devices>",
                                "<hostdev mode='subsystem' type='pci'><source><address domain='0x0000' bus='0x0a'"
                                        + " slot='0x00' function='0x0'/></source></hostdev></devices>"),
                offer.facts(),
                Layouts.pinned(96, 0));
        assertRefused(device, "devices of its host, which cannot follow it while it runs: [0000:0a:00.0]");
        assertEquals(List.of(), bed.target(2).refusals(offer.withLayout(Layouts.pinned(96, 1))));
        assertTrue(bed.host(2).guest(id).isEmpty());
    }

    private void assertRefused(MigrationOffer offer, String reason) {
        List<String> refusals = bed.target(2).refusals(offer);
        assertEquals(1, refusals.size(), refusals::toString);
        assertTrue(refusals.get(0).contains(reason), refusals::toString);
        assertNotPrepared(offer, reason);
    }

    private void assertNotPrepared(MigrationOffer offer, String reason) {
        Conflict refused = assertThrows(Conflict.class, () -> bed.target(2).prepare(TestBed.context(), offer));
        assertTrue(String.valueOf(refused.getMessage()).contains(reason), refused::toString);
    }

    @Test
    void aGuestThatCannotHaveItsLayoutIsNotMade() {
        bed.cacheImages(1);
        InstanceId id = bed.keep(InstanceId.random());
        for (GuestLayout bad : List.of(
                Layouts.pinned(96, 4711),
                Layouts.pinned(64, 0),
                Layouts.floating(4711),
                Layouts.withDevices(GuestLayout.ANYWHERE, "0000:00:00.0"))) {
            assertThrows(
                    InvalidRequest.class,
                    () -> bed.host(1).createGuest(TestBed.context(), spec(id, "", 1, 96, bad)),
                    bad::toString);
            assertTrue(bed.host(1).guest(id).isEmpty());
            assertEquals(List.of(), bed.files(id));
        }
    }

    @Test
    void aResizeAndARebuildReplaceTheLayoutAndARescueKeepsIt() throws Exception {
        InstanceId id = create(1, "", 1, 96, Layouts.pinned(96, 0));
        String pinned = definition(1, id);
        InvalidRequest refused = assertThrows(
                InvalidRequest.class,
                () -> bed.host(1)
                        .resizeGuest(
                                TestBed.context(),
                                spec(id, "", 2, 160, Layouts.withDevices(GuestLayout.ANYWHERE, "0000:00:00.0"))));
        assertEquals("layout.devices", refused.field());
        assertEquals(pinned, definition(1, id));

        bed.host(1).resizeGuest(TestBed.context(), spec(id, "", 2, 160, Layouts.pinned(160, 1, 0)));
        String resized = definition(1, id);
        assertTrue(resized.contains("<cell id='0' cpus='0-1' memory='163840' unit='KiB'/>"), resized);
        assertTrue(resized.contains("<vcpupin vcpu='0' cpuset='1'/>"), resized);
        bed.host(1).resizeGuest(TestBed.context(), spec(id, "", 2, 160, Layouts.pinned(160, 1, 0)));
        assertEquals(resized, definition(1, id));

        bed.disks(1).rebuild(TestBed.context(), spec(id, "", 2, 160, Layouts.pinned(160, 0, 1)));
        String rebuilt = definition(1, id);
        assertTrue(rebuilt.contains("<vcpupin vcpu='0' cpuset='0'/>"), rebuilt);
        assertEquals(2, rebuilt.split("<vcpupin ", -1).length - 1, rebuilt);

        bed.host(1)
                .rescueGuest(
                        TestBed.context(),
                        new RescueSpec(id, bed.images().disk().image(), Optional.of(bed.boot("lab.name=rescue"))));
        assertEquals("0 0; 1 1; *: 0-1", pinning(1, id));
        bed.host(1).unrescueGuest(TestBed.context(), id);
        assertTrue(definition(1, id).contains("<vcpupin vcpu='0' cpuset='0'/>"));

        bed.host(1).resizeGuest(TestBed.context(), spec(id, "", 1, 96, GuestLayout.ANYWHERE));
        String plain = definition(1, id);
        for (String part : List.of("<cputune>", "<numatune>", "<numa>", "cpuset=", "<memoryBacking>")) {
            assertFalse(plain.contains(part), plain);
        }
        assertDoesNotThrow(() -> bed.start(1, id));
    }

    @Test
    void aGuestIsSuspendedAndResumedWhereItIsPinned() throws Exception {
        InstanceId id = create(1, "lab.ws=8 lab.rate=2", 1, 96, Layouts.pinned(96, 1));
        bed.start(1, id);
        bed.host(1).suspendGuest(TestBed.context(100), id);
        assertEquals(PowerState.SUSPENDED, bed.power(1, id));
        bed.host(1).resumeGuest(TestBed.context(100), id);
        assertThreads(1, id, "1", "1");
        try (LabGuest console = bed.console(1, id)) {
            Verification memory = console.verify();
            assertTrue(memory.ok(), memory::toString);
        }
    }

    @Test
    void vcpusThatRunInRealTimeAreScheduledSo() throws Exception {
        GuestLayout layout =
                new GuestLayout(List.of(cell(set(0, 1), 96, 0, 0)), pins(set(0), set(1)), set(0), Set.of(1), List.of());
        InstanceId id = create(1, "lab.ws=8", 2, 96, layout);
        // Where memory cannot be locked, as in containers, the rest is seen without that.
        String definition = virsh(1, "dumpxml", "--inactive", id.toString());
        assertTrue(definition.contains("<locked/>") && definition.contains("<nosharepages/>"), definition);
        Path unlocked = Files.writeString(
                lab.newDirectory("realtime").resolve("domain.xml"), definition.replace("<locked/>", ""));
        virsh(1, "define", unlocked.toString());
        bed.start(1, id);
        Path tasks = Path.of("/proc/" + lab.qemuPid(lab.host(1), id.value()) + "/task");
        Map<String, String> policies;
        try (Stream<Path> all = Files.list(tasks)) {
            policies = all.filter(task -> status(task.resolve("status")).get(0).startsWith("CPU "))
                    .collect(Collectors.toMap(
                            task -> status(task.resolve("status")).get(0), KvmLayoutIT::policy));
        }
        // SCHED_OTHER and SCHED_FIFO
        assertEquals(Map.of("CPU 0/TCG", "0", "CPU 1/TCG", "1"), policies);
    }

    /** The 41st field of a task's stat is its scheduling policy; the name in the second one may hold spaces. */
    private static String policy(Path task) {
        try {
            String stat = Files.readString(task.resolve("stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[38];
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aGuestsMemoryIsInHugePages() throws Exception {
        Assumptions.assumeTrue(Files.isWritable(HUGE_PAGES), "huge pages cannot be set aside here");
        String before = Files.readString(HUGE_PAGES).strip();
        long wanted = Long.parseLong(before) + 64;
        Files.writeString(HUGE_PAGES, Long.toString(wanted));
        try {
            Assumptions.assumeTrue(
                    Files.readString(HUGE_PAGES).strip().equals(Long.toString(wanted)),
                    "not enough memory in one piece for huge pages");
            HostCell cell = bed.host(1).inventory().topology().cells().get(0);
            assertEquals(wanted, cell.hugePages().get(2048));
            GuestLayout layout = new GuestLayout(
                    List.of(cell(set(0), 96, 0, 2048)), pins(set(0, 1)), set(0, 1), Set.of(), List.of());
            InstanceId id = create(1, "lab.ws=8 lab.rate=2", 1, 96, layout);
            bed.start(1, id);
            String maps = Files.readString(Path.of("/proc/" + lab.qemuPid(lab.host(1), id.value()) + "/smaps"));
            long kib = maps.lines()
                    .filter(line -> line.startsWith("Private_Hugetlb:") || line.startsWith("Shared_Hugetlb:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")))
                    .sum();
            assertTrue(kib >= 96 << 10, () -> kib + " KiB are in huge pages");
            bed.host(1).deleteGuest(TestBed.context(100), id);
        } finally {
            Files.writeString(HUGE_PAGES, before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pinned", "mixed", "huge-pages", "devices", "floating"})
    void libvirtKnowsEachElementThatIsWritten(String name) throws Exception {
        String resource = "layout-" + name + ".xml";
        Path file = lab.newDirectory("golden").resolve(resource);
        try (InputStream in = KvmLayoutIT.class.getResourceAsStream(resource)) {
            Files.copy(in == null ? InputStream.nullInputStream() : in, file);
        }
        virsh(1, "define", "--validate", file.toString());
        virsh(1, "undefine", "11111111-2222-3333-4444-555555555555");
    }
}
