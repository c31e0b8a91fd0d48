package com.example.licences;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.Compute;
import io.gantry.core.ComputeEngine;
import io.gantry.core.image.LocalDirectoryImageStore;
import io.gantry.driver.sim.SimDriver;
import io.gantry.flavor.Flavor;
import io.gantry.host.AggregateSpec;
import io.gantry.host.AggregateUpdate;
import io.gantry.host.HostId;
import io.gantry.host.HostSpec;
import io.gantry.image.DiskFormat;
import io.gantry.image.ImageId;
import io.gantry.image.ImageSpec;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceSpec;
import io.gantry.placement.NoValidHost;
import io.gantry.scheduler.filters.SchedulerDefaults;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.WeightedWeigher;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The policy in an engine: three simulated hosts, of which the first is licensed for the database. */
class LicencePolicyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Compute compute;
    private Path directory;

    @BeforeEach
    void open(@TempDir Path temporary) throws IOException {
        directory = temporary;
        List<HostFilter> filters = new ArrayList<>(SchedulerDefaults.filters());
        filters.add(new LicenceFilter());
        List<WeightedWeigher> weighers = new ArrayList<>(SchedulerDefaults.weighers());
        weighers.add(new WeightedWeigher(new LicenceWeigher(), 10.0));
        compute = ComputeEngine.builder()
                .driver(SimDriver.create())
                .imageStore(LocalDirectoryImageStore.open(temporary.resolve("images")))
                .filters(filters)
                .weighers(weighers)
                .build();
        for (String host : List.of("h1", "h2", "h3")) {
            compute.hosts()
                    .register(HostSpec.builder(host)
                            .driver("sim")
                            .connection("sim://" + host + "?vcpus=8&memory-mib=8192&disk-gib=100")
                            .build());
        }
        compute.flavors()
                .create(Flavor.builder("small")
                        .memory(MemorySize.mib(256))
                        .disk(DiskSize.gib(1))
                        .build());
        compute.aggregates()
                .create(AggregateSpec.builder("licensed").metadata("licences", "cad, db").build());
        compute.aggregates().addHost("licensed", HostId.of("h1"));
    }

    @AfterEach
    void close() {
        compute.close();
    }

    private ImageId image(String name, Optional<String> licence) throws IOException {
        Path file = Files.write(directory.resolve(name), new byte[4096]);
        ImageSpec.Builder spec = ImageSpec.builder(name, DiskFormat.RAW);
        licence.ifPresent(software -> spec.property("example_licence", software));
        return compute.images().importFile(spec.build(), file).await(PATIENCE).id();
    }

    private Instance create(String name, ImageId image) {
        return compute.instances()
                .create(InstanceSpec.builder(name).flavor("small").image(image).build())
                .await(PATIENCE);
    }

    @Test
    void licensedSoftwareGoesToLicensedHostsAndOtherSoftwareElsewhere() throws IOException {
        ImageId database = image("database", Optional.of("db"));
        ImageId web = image("web", Optional.empty());
        for (int i = 0; i < 3; i++) {
            assertEquals(Optional.of(HostId.of("h1")), create("db-" + i, database).host());
        }
        for (int i = 0; i < 4; i++) {
            HostId host = create("web-" + i, web).host().orElseThrow();
            assertEquals(i % 2 == 0 ? HostId.of("h2") : HostId.of("h3"), host, "spread over the others");
        }
    }

    @Test
    void whoFindsNoLicenceIsToldSo() throws IOException {
        ImageId simulator = image("simulator", Optional.of("sim"));
        NoValidHost refusal = assertThrows(NoValidHost.class, () -> create("lost", simulator));
        assertEquals(
                3,
                refusal.report().rejected().stream()
                        .filter(host -> host.rejection().orElseThrow().filter().equals("LicenceFilter"))
                        .count());

        compute.aggregates()
                .update(
                        "licensed",
                        AggregateUpdate.builder().metadata("licences", "cad,db,sim").build());
        assertEquals(Optional.of(HostId.of("h1")), create("found", simulator).host());
    }
}
