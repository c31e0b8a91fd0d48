package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.host.HostId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceSpec;
import io.gantry.operation.Operation;
import io.gantry.placement.NoValidHost;
import io.gantry.scheduler.filters.SchedulerDefaults;
import io.gantry.spi.scheduler.HostFilter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What filters cannot know: what others claim of a host's CPUs between them and the claim. */
final class PinnedRacesTest {
    @TempDir
    Path directory;

    private SimEngine withBoth(String name) {
        List<HostFilter> filters = new ArrayList<>(SchedulerDefaults.filters());
        filters.add(new BothJudged());
        SimEngine engine = PinnedHosts.open(directory.resolve(name), 2, filters, builder -> builder);
        PinnedHosts.flavor(engine, "all", 8, "hw:cpu_policy", "dedicated", "hw:numa_nodes", "2");
        return engine;
    }

    private static Operation<Instance> create(SimEngine engine, Optional<Integer> host) {
        InstanceSpec.Builder spec = engine.spec("web").flavor("all");
        host.ifPresent(n -> spec.host(HostId.of("h" + n)));
        return engine.compute().instances().create(spec.build());
    }

    @RepeatedTest(5)
    void ofTwoThatWantTheLastCpusOneGetsThem() {
        try (SimEngine engine = withBoth("one")) {
            List<Operation<Instance>> both = List.of(create(engine, Optional.of(1)), create(engine, Optional.of(1)));

            int refused = 0;
            for (Operation<Instance> operation : both) {
                try {
                    operation.await(SimEngine.PATIENCE);
                } catch (NoValidHost e) {
                    refused++;
                    String report = e.report().toString();
                    assertTrue(report.contains("Claim") && report.contains("DEDICATED_CPUS"), report);
                }
            }
            assertEquals(1, refused);
            assertEquals(1, engine.rows("claim"));
            PinnedHosts.requireAgreement(engine);
        }
    }

    @RepeatedTest(5)
    void whoIsRefusedByTheClaimGoesToAnotherHost() {
        try (SimEngine engine = withBoth("elsewhere")) {
            List<Operation<Instance>> both =
                    List.of(create(engine, Optional.empty()), create(engine, Optional.empty()));

            assertNotEquals(
                    both.get(0).await(SimEngine.PATIENCE).host(),
                    both.get(1).await(SimEngine.PATIENCE).host());
            PinnedHosts.requireAgreement(engine);
        }
    }

    @Test
    void anotherNodeSeesWhatThisOneClaims() {
        try (SimEngine engine = PinnedHosts.open(directory.resolve("nodes"), 1, builder -> builder)) {
            PinnedHosts.flavor(engine, "all", 8, "hw:cpu_policy", "dedicated", "hw:numa_nodes", "2");
            SimEngine other = engine.another(builder -> builder.node("other"));
            try {
                create(engine, Optional.empty()).await(SimEngine.PATIENCE);
                // Its filters may not know yet; its claims do, and from then on its filters, too.
                for (int attempt = 0; attempt < 2; attempt++) {
                    NoValidHost none = SimEngine.failure(NoValidHost.class, create(other, Optional.empty()));
                    assertTrue(
                            none.report().toString().contains("DEDICATED_CPUS"),
                            none.report().toString());
                }
                assertTrue(SimEngine.failure(NoValidHost.class, create(other, Optional.empty()))
                        .report()
                        .toString()
                        .contains("NUMATopologyFilter"));
            } finally {
                other.leave();
            }
        }
    }
}
