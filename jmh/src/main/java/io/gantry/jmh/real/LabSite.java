package io.gantry.jmh.real;

import io.gantry.Compute;
import io.gantry.driver.kvm.KvmDriver;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostSpec;
import io.gantry.image.DiskFormat;
import io.gantry.image.ImageId;
import io.gantry.image.ImageSpec;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.jmh.remote.Machines;
import io.gantry.jmh.scene.Site;
import io.gantry.jmh.scene.Stage;
import io.gantry.lab.LabGuest;
import io.gantry.lab.LabHost;
import io.gantry.spi.driver.HypervisorDriver;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.nio.file.Path;
import java.util.List;

/** Real hosts of the lab that share one storage directory. Their guests keep writing and checking memory and disk. */
public record LabSite(LabPlot plot) implements Site {
    /** A working set of 4 MiB, of which 2 are rewritten each second. */
    private static final String WORDS = " lab.ws=4 lab.rate=2";

    @Override
    public HypervisorDriver driver() {
        return KvmDriver.create();
    }

    /** Nobody cuts the power here, so it need not be given again. */
    @Override
    public Machines machines() {
        return new Machines() {
            @Override
            public void powerFail(String host) {
                throw new UnsupportedOperationException("Scenes with a dead host are not played on real hosts");
            }

            @Override
            public void powerOn(String host) {}
        };
    }

    @Override
    public List<HostSpec> hosts() {
        return plot.hosts().stream().map(this::spec).toList();
    }

    private HostSpec spec(LabHost host) {
        return HostSpec.builder(host.name())
                .driver("kvm")
                .connection(host.uri())
                .property("storage.directory", plot.storage().toString())
                .property("storage.id", "lab")
                .property("emulator", plot.emulator().toString())
                .property("tcg.migration-safe", "true")
                .property("migration.uri", host.peerUri())
                .property("migration.address", host.migrationAddress())
                .build();
    }

    @Override
    public List<Flavor> flavors() {
        // Guests that have not booted yet are deaf enough.
        return List.of(flavor(Stage.SMALL, 96, 64), flavor(Stage.LARGE, 112, 128), flavor(Stage.DEAF, 96, 64));
    }

    private static Flavor flavor(String name, int memory, int disk) {
        return Flavor.builder(name)
                .memory(MemorySize.mib(memory))
                .disk(DiskSize.mib(disk))
                .build();
    }

    @Override
    public void importImage(Compute compute, String name, Path content) {
        ImageId kernel = importFile(compute, ImageSpec.builder(name + "-kernel", DiskFormat.AKI), plot.kernel());
        ImageId ramdisk = importFile(compute, ImageSpec.builder(name + "-ramdisk", DiskFormat.ARI), plot.ramdisk());
        importFile(
                compute,
                ImageSpec.builder(name, DiskFormat.QCOW2).directBoot(kernel, ramdisk, plot.commandLine() + WORDS),
                plot.disk());
    }

    private static ImageId importFile(Compute compute, ImageSpec.Builder image, Path file) {
        return compute.images()
                .importFile(image.build(), file)
                .await(Stage.PATIENCE)
                .id();
    }

    @Override
    public void awaitBoot(Instance instance) {
        LabHost host = plot.host(instance.host().orElseThrow().value());
        InstanceId id = instance.id();
        try (LabGuest guest = new LabGuest(plot.consoleLog(id), host, id.value())) {
            guest.awaitHeartbeat(Stage.PATIENCE);
        }
    }
}
