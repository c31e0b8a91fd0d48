package io.gantry.core;

import io.gantry.Compute;
import io.gantry.core.image.LocalDirectoryImageStore;
import io.gantry.core.state.State;
import io.gantry.core.store.InMemoryStore;
import io.gantry.driver.sim.SimFleet;
import io.gantry.driver.sim.SimHost;
import io.gantry.error.ComputeException;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.host.HostSpec;
import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.image.ImageSpec;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceSpec;
import io.gantry.operation.Operation;
import io.gantry.scheduler.filters.SchedulerDefaults;
import io.gantry.spi.scheduler.HostFilter;
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
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/** An engine over simulated hosts {@code h1, h2, ...} of 8 vCPUs and 16 GiB, with a flavor and an image. */
final class SimEngine implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final String FLAVOR = "m1.small";

    private static final List<String> TABLES =
            List.of("action", "host", "instance", "leftover", "node", "operation", "placement", "token", "tombstone");

    private final SimFleet fleet;
    private final List<HostFilter> filters;
    private final Map<String, String> extraSpecs;
    private final StateStore store;
    private final Path directory;
    private final Compute compute;
    private final ImageId image;

    private SimEngine(
            SimFleet fleet,
            StateStore store,
            Path directory,
            int hosts,
            List<HostFilter> filters,
            UnaryOperator<ComputeEngineBuilder> settings,
            IntFunction<HostSpec> host,
            Map<String, String> extraSpecs) {
        this.fleet = fleet;
        this.extraSpecs = extraSpecs;
        this.filters = filters;
        this.store = store;
        this.directory = directory;
        this.compute = engine(settings);
        for (int n = 1; n <= hosts; n++) {
            compute.hosts().register(host.apply(n));
        }
        compute.flavors()
                .create(flavor(FLAVOR)
                        .memory(MemorySize.mib(256))
                        .disk(DiskSize.gib(1))
                        .extraSpec("sim:working_set_mib", "8")
                        .extraSpec("sim:dirty_rate_mib", "4")
                        .build());
        this.image = importImage("blank", DiskFormat.RAW).id();
    }

    /** An engine over what another one left. */
    private SimEngine(SimEngine earlier, UnaryOperator<ComputeEngineBuilder> settings) {
        this.fleet = earlier.fleet;
        this.extraSpecs = earlier.extraSpecs;
        this.filters = earlier.filters;
        this.store = earlier.store;
        this.directory = earlier.directory;
        this.image = earlier.image;
        this.compute = engine(settings);
    }

    private Compute engine(UnaryOperator<ComputeEngineBuilder> settings) {
        try {
            return settings.apply(ComputeEngine.builder()
                            .driver(fleet.driver())
                            .imageStore(LocalDirectoryImageStore.open(directory.resolve("images")))
                            .stateStore(store)
                            .node("node")
                            .filters(filters)
                            .weighers(SchedulerDefaults.weighers())
                            .shutdownTimeout(Duration.ofSeconds(5)))
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Flavor.Builder flavor(String name) {
        Flavor.Builder flavor = Flavor.builder(name);
        extraSpecs.forEach(flavor::extraSpec);
        return flavor;
    }

    /** Adds a flavor of the usual size with an extra spec, and returns its name. */
    String flavor(String extraSpec, String value) {
        String name = extraSpec + "=" + value;
        compute.flavors()
                .create(flavor(name)
                        .memory(MemorySize.mib(256))
                        .disk(DiskSize.gib(1))
                        .extraSpec(extraSpec, value)
                        .build());
        return name;
    }

    /** Adds a flavor that is larger than that of the instances. */
    void addLargeFlavor() {
        compute.flavors()
                .create(flavor(VerbTestBase.LARGE)
                        .vcpus(2)
                        .memory(MemorySize.mib(512))
                        .disk(DiskSize.gib(2))
                        .build());
    }

    /** {@return another engine on the same store and hosts} */
    SimEngine another(UnaryOperator<ComputeEngineBuilder> settings) {
        return new SimEngine(this, settings);
    }

    static SimEngine open(Path directory, int hosts) {
        return open(directory, hosts, builder -> builder);
    }

    static SimEngine open(Path directory, int hosts, UnaryOperator<ComputeEngineBuilder> settings) {
        return open(directory, hosts, SchedulerDefaults.filters(), settings, SimEngine::usual, Map.of());
    }

    static SimEngine withFilters(Path directory, int hosts, List<HostFilter> filters) {
        return open(directory, hosts, filters, builder -> builder, SimEngine::usual, Map.of());
    }

    /** An engine over other hosts, with these extra specs in its flavors. */
    static SimEngine open(
            Path directory,
            int hosts,
            List<HostFilter> filters,
            UnaryOperator<ComputeEngineBuilder> settings,
            IntFunction<HostSpec> host,
            Map<String, String> extraSpecs) {
        return new SimEngine(
                SimFleet.create(), InMemoryStore.create(), directory, hosts, filters, settings, host, extraSpecs);
    }

    private static HostSpec usual(int n) {
        return host("h" + n, "vcpus=8&memory-mib=16384&disk-gib=200&bandwidth-mib=200");
    }

    static HostSpec host(String name, String size) {
        return HostSpec.builder(name)
                .driver("sim")
                .connection("sim://" + name + "?" + size)
                .build();
    }

    Compute compute() {
        return compute;
    }

    SimFleet fleet() {
        return fleet;
    }

    SimHost host(int n) {
        return fleet.host("h" + n);
    }

    ImageId image() {
        return image;
    }

    Image importImage(String name, DiskFormat format) {
        return startImport(name, format).await(PATIENCE);
    }

    Operation<Image> startImport(String name, DiskFormat format) {
        try {
            Path file = Files.write(directory.resolve(name), new byte[4096]);
            ImageSpec.Builder spec = ImageSpec.builder(name, format);
            if (format.isDisk()) {
                spec.property(Image.HW_QEMU_GUEST_AGENT, "yes");
            }
            return compute.images().importFile(spec.build(), file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Imports an image with these properties. */
    ImageId image(Map<String, String> properties) {
        try {
            ImageSpec.Builder spec = ImageSpec.builder("special", DiskFormat.RAW);
            properties.forEach(spec::property);
            return compute.images()
                    .importFile(spec.build(), Files.write(directory.resolve("special"), new byte[4096]))
                    .await(PATIENCE)
                    .id();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    InstanceSpec.Builder spec(String name) {
        return InstanceSpec.builder(name).flavor(FLAVOR).image(image);
    }

    Operation<Instance> create(String name) {
        return compute.instances().create(spec(name).build());
    }

    Instance created(String name) {
        return create(name).await(PATIENCE);
    }

    Instance createdOn(int n, String name) {
        return compute.instances()
                .create(spec(name).host(HostId.of("h" + n)).build())
                .await(PATIENCE);
    }

    Instance get(Instance instance) {
        return compute.instances().get(instance.id());
    }

    /** Changes the engine's store behind its back. */
    void change(Consumer<State> change) {
        change.accept(new State(store, new Random(1)));
    }

    /** Adds a flavor whose extra specs nobody checks: they were made when the engine knew others. */
    void keepFlavor(Flavor flavor) {
        change(state -> state.change(tx -> state.flavors().insert(tx, flavor)));
    }

    /** Makes a row of the engine's store such that nobody can read it. */
    void spoil(String table, String key) {
        store.transact(tx -> tx.update(
                tx.get(table, key).orElseThrow(),
                "{spoiled",
                tx.get(table, key).orElseThrow().attributes()));
    }

    /** Rows of a table of the engine's store. */
    int rows(String table) {
        return store.transact(tx -> tx.scan(table).size());
    }

    /** Tables of the engine's store that have a text somewhere. */
    List<String> rowsWith(String text) {
        return TABLES.stream()
                .filter(table -> store.transact(tx ->
                        tx.scan(table).stream().anyMatch(row -> row.toString().contains(text))))
                .toList();
    }

    int claimedInstances(int n) {
        return compute.hosts().get(HostId.of("h" + n)).usage().instances();
    }

    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Not within " + PATIENCE + ": " + what);
            }
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("Interrupted while waiting: " + what, e);
            }
        }
    }

    /** What an operation fails with. */
    static <X extends ComputeException> X failure(Class<X> type, Operation<?> operation) {
        try {
            operation.await(PATIENCE);
        } catch (ComputeException e) {
            if (type.isInstance(e)) {
                return type.cast(e);
            }
            throw new AssertionError("Failed with another kind", e);
        }
        throw new AssertionError("Succeeded: " + operation.verb());
    }

    /** Closes the engine alone; hosts and store stay. */
    void leave() {
        compute.close();
    }

    @Override
    public void close() {
        compute.close();
        fleet.close();
    }
}
