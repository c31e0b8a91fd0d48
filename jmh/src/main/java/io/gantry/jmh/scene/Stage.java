package io.gantry.jmh.scene;

import io.gantry.Compute;
import io.gantry.core.ComputeEngine;
import io.gantry.core.ComputeEngineBuilder;
import io.gantry.core.image.LocalDirectoryImageStore;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.host.HostSpec;
import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.image.ImageSpec;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceSpec;
import io.gantry.jmh.remote.Machines;
import io.gantry.operation.RequestOptions;
import io.gantry.quota.QuotaResource;
import io.gantry.scheduler.filters.SchedulerDefaults;
import io.gantry.spi.driver.HypervisorDriver;
import io.gantry.spi.store.StateStore;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** A control node with three hosts of its own, two flavors and an image. */
public final class Stage implements AutoCloseable {
    /** How long other nodes leave a node's operations alone. */
    public static final Duration LEASE = Duration.ofSeconds(3);

    public static final Duration PATIENCE = Duration.ofSeconds(60);
    public static final String SMALL = "small";
    public static final String LARGE = "large";
    private static final String DEAF = "deaf";

    private static final Map<QuotaResource, Long> UNLIMITED =
            Map.of(QuotaResource.INSTANCES, -1L, QuotaResource.CORES, -1L, QuotaResource.RAM, -1L);
    private static final String IMAGE = "blank";

    private final Compute compute;
    private final ComputeEngine engine;
    private final Machines machines;
    private final Path directory;
    private final String prefix;

    private Stage(ComputeEngine engine, Machines machines, Path directory, String prefix) {
        this.engine = engine;
        this.compute = engine;
        this.machines = machines;
        this.directory = directory;
        this.prefix = prefix;
    }

    /** {@return the settings of a node whose deletes and shelves are final at once, or neither} */
    public static UnaryOperator<ComputeEngineBuilder> settings(String node, boolean prompt) {
        return builder -> builder.node(node)
                .reclaimAfter(prompt ? Duration.ZERO : Duration.ofHours(1))
                .offloadAfter(prompt ? Duration.ZERO : Duration.ofSeconds(-1));
    }

    /**
     * Opens a control node.
     *
     * @param prefix begins the hosts' names
     * @param settings what else the node is told
     */
    public static Stage open(
            HypervisorDriver driver,
            StateStore store,
            Machines machines,
            Path directory,
            String prefix,
            UnaryOperator<ComputeEngineBuilder> settings) {
        try {
            Files.createDirectories(directory);
            ComputeEngine engine = (ComputeEngine) settings.apply(ComputeEngine.builder()
                            .lease(LEASE)
                            .quotas(UNLIMITED)
                            .driver(driver)
                            .stateStore(store)
                            .imageStore(LocalDirectoryImageStore.open(directory.resolve("images")))
                            .filters(SchedulerDefaults.filters())
                            .weighers(SchedulerDefaults.weighers()))
                    .build();
            return new Stage(engine, machines, directory, prefix);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Registers what is not there yet. */
    public void furnish() {
        if (!compute.hosts().list().isEmpty()) {
            return;
        }
        hostNames()
                .forEach(name -> compute.hosts()
                        .register(HostSpec.builder(name)
                                .driver("sim")
                                .connection(
                                        "sim://" + name + "?vcpus=8&memory-mib=16384&disk-gib=200&bandwidth-mib=400")
                                .build()));
        flavor(SMALL, 64, false);
        flavor(LARGE, 128, false);
        flavor(DEAF, 64, true);
        compute.images()
                .importFile(ImageSpec.builder(IMAGE, DiskFormat.RAW).build(), file())
                .await(PATIENCE);
    }

    private void flavor(String name, int mib, boolean deaf) {
        compute.flavors()
                .create(Flavor.builder(name)
                        .memory(MemorySize.mib(mib))
                        .disk(DiskSize.gib(1))
                        .extraSpec("sim:resident_mib", "4")
                        .extraSpec("sim:working_set_mib", "2")
                        .extraSpec("sim:dirty_rate_mib", "1")
                        .extraSpec("sim:ignores_shutdown", Boolean.toString(deaf))
                        .build());
    }

    /** {@return a file that can be imported} */
    public Path file() {
        try {
            return Files.write(directory.resolve("content"), new byte[1 << 16]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<String> hostNames() {
        return IntStream.rangeClosed(1, 3).mapToObj(n -> prefix + n).toList();
    }

    public Compute compute() {
        return compute;
    }

    public List<String> verbs() {
        return engine.verbs();
    }

    public Machines machines() {
        return machines;
    }

    public ImageId image() {
        return base().id();
    }

    private Image base() {
        return compute.images().list().stream()
                .filter(image -> image.name().equals(IMAGE))
                .findFirst()
                .orElseThrow();
    }

    public InstanceSpec spec() {
        return InstanceSpec.builder("scene").flavor(SMALL).image(image()).build();
    }

    public Instance active() {
        return compute.instances().create(spec()).await(PATIENCE);
    }

    /** {@return an active instance whose guest does not hear the power button} */
    public Instance deaf() {
        return compute.instances()
                .create(InstanceSpec.builder("scene")
                        .flavor(DEAF)
                        .image(image())
                        .build())
                .await(PATIENCE);
    }

    public Instance activeOn(int host) {
        return compute.instances()
                .create(InstanceSpec.builder("scene")
                        .flavor(SMALL)
                        .image(image())
                        .host(HostId.of(prefix + host))
                        .build())
                .await(PATIENCE);
    }

    /** Deletes all instances, and all images but the one that was there first. */
    public void clear() {
        compute.instances().list().stream()
                .map(instance -> compute.instances().forceDelete(instance.id(), RequestOptions.none()))
                .toList()
                .forEach(delete -> delete.await(PATIENCE));
        compute.images().list().stream()
                .filter(image -> !image.name().equals(IMAGE))
                .forEach(image -> compute.images().delete(image.id()));
    }

    @Override
    public void close() {
        compute.close();
    }
}
