package io.gantry.samples.quickstart;

import io.gantry.Compute;
import io.gantry.driver.kvm.KvmDriver;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostSpec;
import io.gantry.image.DiskFormat;
import io.gantry.image.ImageId;
import io.gantry.image.ImageSpec;
import io.gantry.instance.Instance;
import io.gantry.spi.driver.HypervisorDriver;
import io.gantry.unit.MemorySize;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Real hosts through libvirt, as the command line names them. */
final class LibvirtSetup implements QuickstartSetup {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final LibvirtOptions options;
    private final QuickstartOutput out;
    private final TemporaryDirectory directory = new TemporaryDirectory();

    LibvirtSetup(LibvirtOptions options, QuickstartOutput out) throws IOException {
        this.options = options;
        this.out = out;
    }

    @Override
    public HypervisorDriver driver() {
        return KvmDriver.create();
    }

    @Override
    public Path imageDirectory() {
        return directory.path().resolve("images");
    }

    @Override
    public List<HostSpec> hosts() {
        List<HostSpec> hosts = new ArrayList<>();
        for (int i = 0; i < options.uris().size(); i++) {
            HostSpec.Builder host = HostSpec.builder("host-" + (i + 1))
                    .driver("kvm")
                    .connection(options.uris().get(i));
            options.properties().forEach(host::property);
            if (i < options.peers().size()) {
                host.property("migration.uri", options.peers().get(i));
            }
            hosts.add(host.build());
        }
        return hosts;
    }

    @Override
    public Flavor flavor() {
        return Flavor.builder("small")
                .vcpus(1)
                .memory(MemorySize.mib(options.memoryMib()))
                .build();
    }

    @Override
    public ImageId importImage(Compute compute) {
        ImageSpec.Builder image = ImageSpec.builder("quickstart", options.imageFormat());
        options.directBoot()
                .ifPresent(boot -> image.directBoot(
                        importPart(compute, "kernel", DiskFormat.AKI, boot.kernel()),
                        importPart(compute, "ramdisk", DiskFormat.ARI, boot.ramdisk()),
                        boot.commandLine()));
        return compute.images()
                .importFile(image.build(), options.image())
                .await(PATIENCE)
                .id();
    }

    private static ImageId importPart(Compute compute, String name, DiskFormat format, Path file) {
        return compute.images()
                .importFile(ImageSpec.builder(name, format).build(), file)
                .await(PATIENCE)
                .id();
    }

    @Override
    public void beforeMigration(Instance instance) {
        if (options.bootSeconds() > 0) {
            out.detail("Giving " + instance.name() + " " + options.bootSeconds() + " s to boot");
            try {
                Thread.sleep(Duration.ofSeconds(options.bootSeconds()).toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() throws IOException {
        directory.close();
    }
}
