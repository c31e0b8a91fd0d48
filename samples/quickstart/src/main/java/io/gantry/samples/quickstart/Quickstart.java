package io.gantry.samples.quickstart;

import io.gantry.Compute;
import io.gantry.core.ComputeEngine;
import io.gantry.core.image.LocalDirectoryImageStore;
import io.gantry.host.HostSpec;
import io.gantry.image.ImageId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceSpec;
import io.gantry.migration.LiveMigrationSpec;
import io.gantry.migration.MigrationReport;
import io.gantry.operation.Operation;
import io.gantry.scheduler.filters.SchedulerDefaults;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The tutorial: three instances, and one of them moves to another host while it runs. */
final class Quickstart {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private Quickstart() {}

    static MigrationReport run(QuickstartSetup setup, QuickstartOutput out) throws IOException {
        // An engine: a driver for the hypervisors, a place for images, and what decides where instances go.
        try (Compute compute = ComputeEngine.builder()
                .driver(setup.driver())
                .imageStore(LocalDirectoryImageStore.open(setup.imageDirectory()))
                .filters(SchedulerDefaults.filters())
                .weighers(SchedulerDefaults.weighers())
                .build()) {
            try {
                // Hosts to run on, a flavor to come in, an image to boot from.
                for (HostSpec host : setup.hosts()) {
                    out.host(compute.hosts().register(host));
                }
                compute.flavors().create(setup.flavor());
                ImageId image = setup.importImage(compute);

                // Three instances; each placement can be explained.
                for (String name : List.of("web-1", "web-2", "web-3")) {
                    InstanceSpec spec = InstanceSpec.builder(name)
                            .flavor(setup.flavor().name())
                            .image(image)
                            .build();
                    Instance created = compute.instances().create(spec).await(PATIENCE);
                    out.created(
                            created, compute.instances().placement(created.id()).orElseThrow());
                }

                // One moves, while it runs, to the host that suits it best.
                Instance first = compute.instances().list().get(0);
                setup.beforeMigration(first);
                Operation<MigrationReport> move = compute.migrations().live(first.id(), LiveMigrationSpec.anywhere());
                return out.follow(move, PATIENCE);
            } finally {
                CleanUp.deleteAll(compute, out);
            }
        }
    }

    public static void main(String... args) {
        System.exit(GracefulExit.run(() -> QuickstartCommand.commandLine().execute(args)));
    }
}
