package io.gantry.jmh.scene;

import io.gantry.Compute;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostSpec;
import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.image.ImageSpec;
import io.gantry.instance.Instance;
import io.gantry.jmh.remote.Machines;
import io.gantry.spi.driver.HypervisorDriver;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Simulated hosts.
 *
 * @param driver reaches them
 * @param machines what is done to them
 * @param prefix begins their names
 */
public record SimSite(HypervisorDriver driver, Machines machines, String prefix) implements Site {
    @Override
    public List<HostSpec> hosts() {
        return IntStream.rangeClosed(1, 3)
                .mapToObj(n -> prefix + n)
                .map(name -> HostSpec.builder(name)
                        .driver("sim")
                        .connection("sim://" + name + "?vcpus=8&memory-mib=16384&disk-gib=200&bandwidth-mib=400")
                        .build())
                .toList();
    }

    @Override
    public List<Flavor> flavors() {
        return List.of(flavor(Stage.SMALL, 64, false), flavor(Stage.LARGE, 128, false), flavor(Stage.DEAF, 64, true));
    }

    private static Flavor flavor(String name, int mib, boolean deaf) {
        return Flavor.builder(name)
                .memory(MemorySize.mib(mib))
                .disk(DiskSize.gib(1))
                .extraSpec("sim:resident_mib", "4")
                .extraSpec("sim:working_set_mib", "2")
                .extraSpec("sim:dirty_rate_mib", "1")
                .extraSpec("sim:ignores_shutdown", Boolean.toString(deaf))
                .build();
    }

    @Override
    public void importImage(Compute compute, String name, Path content) {
        compute.images()
                .importFile(
                        ImageSpec.builder(name, DiskFormat.RAW)
                                .property(Image.HW_QEMU_GUEST_AGENT, "yes")
                                .build(),
                        content)
                .await(Stage.PATIENCE);
    }

    /** Simulated guests boot at once. */
    @Override
    public void awaitBoot(Instance instance) {}
}
