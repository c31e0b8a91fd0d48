package io.gantry.samples.quickstart;

import io.gantry.Compute;
import io.gantry.driver.sim.SimDriver;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostSpec;
import io.gantry.image.DiskFormat;
import io.gantry.image.ImageId;
import io.gantry.image.ImageSpec;
import io.gantry.spi.driver.HypervisorDriver;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Three simulated hosts, one of them small, whose guests keep rewriting 64 MiB of their memory. */
class SimulatedSetup implements QuickstartSetup {
    private static final int IMAGE_BYTES = 1 << 20;

    private final TemporaryDirectory directory = new TemporaryDirectory();

    SimulatedSetup() throws IOException {}

    @Override
    public HypervisorDriver driver() {
        return SimDriver.create();
    }

    @Override
    public Path imageDirectory() {
        return directory.path().resolve("images");
    }

    @Override
    public List<HostSpec> hosts() {
        return List.of(
                host("host-1", "vcpus=8&memory-mib=16384&disk-gib=200"),
                host("host-2", "vcpus=8&memory-mib=16384&disk-gib=200"),
                host("host-3", "vcpus=1&memory-mib=4096&disk-gib=50"));
    }

    private static HostSpec host(String name, String size) {
        return HostSpec.builder(name)
                .driver("sim")
                .connection("sim://" + name + "?" + size + "&bandwidth-mib=60")
                .build();
    }

    @Override
    public Flavor flavor() {
        return Flavor.builder("small")
                .vcpus(2)
                .memory(MemorySize.mib(512))
                .disk(DiskSize.gib(1))
                .extraSpec("sim:resident_mib", "160")
                .extraSpec("sim:working_set_mib", "64")
                .extraSpec("sim:dirty_rate_mib", "20")
                .build();
    }

    @Override
    public ImageId importImage(Compute compute) throws IOException {
        Path disk = Files.write(directory.path().resolve("disk.raw"), new byte[IMAGE_BYTES]);
        return compute.images()
                .importFile(ImageSpec.builder("blank", DiskFormat.RAW).build(), disk)
                .await(Duration.ofMinutes(1))
                .id();
    }

    @Override
    public void close() throws IOException {
        directory.close();
    }
}
