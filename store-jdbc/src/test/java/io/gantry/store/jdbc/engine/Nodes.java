package io.gantry.store.jdbc.engine;

import io.gantry.Compute;
import io.gantry.core.ComputeEngine;
import io.gantry.core.ComputeEngineBuilder;
import io.gantry.core.image.LocalDirectoryImageStore;
import io.gantry.driver.sim.SimFleet;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostSpec;
import io.gantry.image.DiskFormat;
import io.gantry.image.ImageId;
import io.gantry.image.ImageSpec;
import io.gantry.instance.InstanceSpec;
import io.gantry.scheduler.filters.SchedulerDefaults;
import io.gantry.spi.store.StateStore;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** Control nodes over one fleet of simulated hosts and one directory of images. */
final class Nodes implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final SimFleet fleet = SimFleet.create();
    private final Path directory;

    Nodes(Path directory) {
        this.directory = directory;
    }

    SimFleet fleet() {
        return fleet;
    }

    Compute open(String node, StateStore store, UnaryOperator<ComputeEngineBuilder> settings) {
        try {
            return settings.apply(ComputeEngine.builder()
                            .node(node)
                            .driver(fleet.driver())
                            .imageStore(LocalDirectoryImageStore.open(directory.resolve("images")))
                            .stateStore(store)
                            .lease(Duration.ofSeconds(2))
                            .filters(SchedulerDefaults.filters())
                            .weighers(SchedulerDefaults.weighers())
                            .shutdownTimeout(Duration.ofSeconds(1)))
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Registers two hosts, a flavor and an image. */
    ImageId furnish(Compute compute) {
        for (String host : new String[] {"h1", "h2"}) {
            compute.hosts()
                    .register(HostSpec.builder(host)
                            .driver("sim")
                            .connection("sim://" + host + "?vcpus=16&memory-mib=16384&disk-gib=200")
                            .build());
        }
        compute.flavors()
                .create(Flavor.builder("small")
                        .memory(MemorySize.mib(64))
                        .disk(DiskSize.gib(1))
                        .build());
        try {
            Path file = Files.write(directory.resolve("blank"), new byte[4096]);
            return compute.images()
                    .importFile(ImageSpec.builder("blank", DiskFormat.RAW).build(), file)
                    .await(PATIENCE)
                    .id();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static InstanceSpec spec(String name, ImageId image) {
        return InstanceSpec.builder(name).flavor("small").image(image).build();
    }

    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Not within " + PATIENCE + ": " + what);
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("Interrupted while waiting: " + what, e);
            }
        }
    }

    @Override
    public void close() {
        fleet.close();
    }
}
