package io.gantry.jmh.scene;

import io.gantry.Compute;
import io.gantry.core.ComputeEngine;
import io.gantry.core.ComputeEngineBuilder;
import io.gantry.core.image.LocalDirectoryImageStore;
import io.gantry.host.HostId;
import io.gantry.host.HostSpec;
import io.gantry.host.HostState;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceSpec;
import io.gantry.jmh.remote.Machines;
import io.gantry.operation.RequestOptions;
import io.gantry.quota.QuotaResource;
import io.gantry.scheduler.filters.SchedulerDefaults;
import io.gantry.spi.driver.HypervisorDriver;
import io.gantry.spi.store.StateStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A control node with three hosts of its own, two flavors, and an image. */
public final class Stage implements AutoCloseable {
    /** How long other nodes leave a node's operations alone. */
    public static final Duration LEASE = Duration.ofSeconds(3);

    public static final Duration PATIENCE = Duration.ofMinutes(2);
    public static final String SMALL = "small";
    public static final String LARGE = "large";
    public static final String DEAF = "deaf";

    private static final Map<QuotaResource, Long> UNLIMITED =
            Map.of(QuotaResource.INSTANCES, -1L, QuotaResource.CORES, -1L, QuotaResource.RAM, -1L);
    private static final String IMAGE = "blank";

    private final Compute compute;
    private final ComputeEngine engine;
    private final Site site;
    private final List<HostSpec> hosts;
    private final Path directory;

    private Stage(ComputeEngine engine, Site site, Path directory) {
        this.engine = engine;
        this.compute = engine;
        this.site = site;
        this.hosts = site.hosts();
        this.directory = directory;
    }

    /** {@return the settings of a node whose deletes and shelves are final at once, or neither} */
    public static UnaryOperator<ComputeEngineBuilder> settings(String node, boolean prompt) {
        return builder -> builder.node(node)
                .reclaimAfter(prompt ? Duration.ZERO : Duration.ofHours(1))
                .offloadAfter(prompt ? Duration.ZERO : Duration.ofSeconds(-1));
    }

    /**
     * Opens a control node with simulated hosts.
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
        return open(new SimSite(driver, machines, prefix), store, directory, settings);
    }

    /**
     * Opens a control node.
     *
     * @param site its hosts
     * @param settings what else the node is told
     */
    public static Stage open(
            Site site, StateStore store, Path directory, UnaryOperator<ComputeEngineBuilder> settings) {
        try {
            Files.createDirectories(directory);
            ComputeEngine engine = (ComputeEngine) settings.apply(ComputeEngine.builder()
                            .lease(LEASE)
                            .quotas(UNLIMITED)
                            .driver(site.driver())
                            .stateStore(store)
                            .imageStore(LocalDirectoryImageStore.open(directory.resolve("images")))
                            .filters(SchedulerDefaults.filters())
                            .weighers(SchedulerDefaults.weighers()))
                    .build();
            return new Stage(engine, site, directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Registers what is not there yet. */
    public void furnish() {
        if (!compute.hosts().list().isEmpty()) {
            return;
        }
        hosts.forEach(compute.hosts()::register);
        site.flavors().forEach(compute.flavors()::create);
        site.importImage(compute, IMAGE, file());
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
        return hosts.stream().map(host -> host.id().value()).toList();
    }

    /** Waits until this node is connected to all hosts. */
    public void awaitHosts() {
        while (compute.hosts().list().stream().anyMatch(host -> host.state() != HostState.UP)) {
            Inspection.pause();
        }
    }

    public Compute compute() {
        return compute;
    }

    public List<String> verbs() {
        return engine.verbs();
    }

    public Machines machines() {
        return site.machines();
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
        return spec(SMALL).build();
    }

    private InstanceSpec.Builder spec(String flavor) {
        return InstanceSpec.builder("scene").flavor(flavor).image(image());
    }

    private Instance created(InstanceSpec.Builder spec) {
        return compute.instances().create(spec.build()).await(PATIENCE);
    }

    public Instance active() {
        return created(spec(SMALL));
    }

    /** {@return an active instance whose guest does not hear the power button yet} */
    public Instance deaf() {
        return created(spec(DEAF));
    }

    /** {@return an active instance whose guest has booted} */
    public Instance booted() {
        Instance instance = active();
        site.awaitBoot(instance);
        return instance;
    }

    public Instance activeOn(int host) {
        return created(spec(SMALL).host(HostId.of(hostNames().get(host - 1))));
    }

    /** Deletes all instances, and all images but those that were there first. */
    public void clear() {
        compute.instances().list().stream()
                .map(instance -> compute.instances().forceDelete(instance.id(), RequestOptions.none()))
                .toList()
                .forEach(delete -> delete.await(PATIENCE));
        compute.images().list().stream()
                .filter(image -> !image.name().startsWith(IMAGE))
                .forEach(image -> compute.images().delete(image.id()));
    }

    @Override
    public void close() {
        compute.close();
    }
}
