package io.gantry.driver.kvm;

import io.gantry.driver.libvirt.xml.XmlNode;
import io.gantry.flavor.Flavor;
import io.gantry.instance.InstanceId;
import io.gantry.lab.Lab;
import io.gantry.lab.LabGuest;
import io.gantry.lab.LabHost;
import io.gantry.lab.WithLab;
import io.gantry.spi.driver.HostEndpoint;
import io.gantry.spi.driver.HypervisorDriver;
import io.gantry.spi.driver.ImageSource;
import io.gantry.tck.DriverFixture;
import io.gantry.tck.HypervisorDriverContract;
import io.gantry.unit.MemorySize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The driver contract on real libvirt daemons and QEMUs. */
@WithLab(hosts = 2)
class KvmDriverContractIT extends HypervisorDriverContract {
    private static final Duration BOOT = Duration.ofMinutes(1);

    private final Lab lab;
    private final Path storage;
    private final LabImages images;

    KvmDriverContractIT(Lab lab) {
        this.lab = lab;
        this.storage = lab.sharedDirectory().resolve("contract");
        this.images = LabImages.withAgent(lab);
    }

    @Override
    protected DriverFixture newFixture() {
        return new Fixture();
    }

    private final class Fixture implements DriverFixture {
        private final HypervisorDriver driver = KvmDriver.create();
        private Optional<UUID> foreign = Optional.empty();

        @Override
        public HypervisorDriver driver() {
            return driver;
        }

        @Override
        public List<HostEndpoint> hosts() {
            return List.of(LabHosts.endpoint(lab, 1, storage), LabHosts.endpoint(lab, 2, storage));
        }

        @Override
        public ImageSource image() {
            return images.disk();
        }

        @Override
        public Optional<Kernel> kernel() {
            return Optional.of(new Kernel(
                    images.kernel(), images.ramdisk(), lab.kernelCommandLine() + " lab.name=contract lab.ws=16"));
        }

        @Override
        public Flavor flavor() {
            return Flavor.builder("contract").memory(MemorySize.mib(96)).build();
        }

        @Override
        public double timeoutScale() {
            return 4.0;
        }

        @Override
        public int concurrentGuests() {
            return 3;
        }

        @Override
        public boolean crash(HostEndpoint host, InstanceId guest) {
            lab.killQemu(labHost(host), guest.value());
            return true;
        }

        private LabHost labHost(HostEndpoint host) {
            return lab.host(host.host().value().equals("h1") ? 1 : 2);
        }

        @Override
        public Optional<byte[]> configDrive(HostEndpoint host, InstanceId guest) throws IOException {
            String xml = lab.exec(labHost(host), "virsh", "dumpxml", guest.toString());
            Optional<Path> drive = XmlNode.parse(xml).descendants("disk").stream()
                    .filter(disk -> disk.attribute("device").equals(Optional.of("cdrom")))
                    .map(disk -> disk.find("source").orElseThrow().attribute("file"))
                    .flatMap(Optional::stream)
                    .map(Path::of)
                    .findFirst();
            return drive.isEmpty() ? Optional.empty() : Optional.of(Files.readAllBytes(drive.get()));
        }

        @Override
        public Set<String> traces(HostEndpoint host, InstanceId guest) throws IOException {
            try (Stream<Path> files = Files.list(storage.resolve("instances"))) {
                return files.map(file -> file.getFileName().toString())
                        .filter(name -> name.startsWith(guest.toString()))
                        .collect(Collectors.toSet());
            }
        }

        @Override
        public boolean makeForeignGuest(HostEndpoint host) throws IOException {
            UUID id = UUID.randomUUID();
            foreign = Optional.of(id);
            // Named like one of ours, without the mark.
            String xml = "<domain type='qemu'><name>gantry-" + id + "</name><uuid>" + id
                    + "</uuid><memory unit='MiB'>16</memory><os><type arch='x86_64'>hvm</type></os></domain>";
            Path file = lab.newDirectory("foreign").resolve("domain.xml");
            Files.writeString(file, xml);
            lab.exec(lab.host(1), "virsh", "define", file.toString());
            return true;
        }

        @Override
        public OptionalLong interrupts(HostEndpoint host, InstanceId guest) throws IOException {
            Path log = storage.resolve("instances").resolve(guest + ".console.log");
            return OptionalLong.of(Files.readString(log, StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(line -> line.contains("NMI received for unknown reason"))
                    .count());
        }

        @Override
        public void awaitBoot(HostEndpoint host, InstanceId guest) {
            try (LabGuest console = console(host, guest)) {
                console.awaitHeartbeat(BOOT);
            }
        }

        @Override
        public boolean awaitAgent(HostEndpoint host, InstanceId guest) {
            try (LabGuest console = console(host, guest)) {
                console.awaitAgent(lab, BOOT);
            }
            return true;
        }

        @Override
        public Optional<Boolean> acceptsPassword(HostEndpoint host, InstanceId guest, String user, String password) {
            try (LabGuest console = console(host, guest)) {
                return Optional.of(console.acceptsPassword(user, password));
            }
        }

        private LabGuest console(HostEndpoint host, InstanceId guest) {
            return new LabGuest(
                    storage.resolve("instances").resolve(guest + ".console.log"),
                    lab.host(host.host().value().equals("h1") ? 1 : 2),
                    guest.value());
        }

        @Override
        public void close() {
            foreign.ifPresent(id -> lab.exec(lab.host(1), "virsh", "undefine", id.toString()));
            driver.close();
        }
    }
}
