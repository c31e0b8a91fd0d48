package io.gantry.core;

import io.gantry.host.HostId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceSpec;
import io.gantry.operation.RequestOptions;
import io.gantry.placement.ProviderId;
import io.gantry.placement.ResourceClass;
import io.gantry.topology.GuestLayout;
import io.gantry.topology.GuestPlacement;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Two hosts with dedicated CPUs; after each test guests are where their claims say. */
abstract class PinnedTestBase {
    static final RequestOptions NONE = RequestOptions.none();

    @TempDir
    Path directory;

    SimEngine engine;

    @BeforeEach
    void open() {
        engine = PinnedHosts.open(directory, 2, builder -> builder);
        PinnedHosts.flavor(engine, "plain", 1);
        PinnedHosts.flavor(engine, "pinned4", 4, "hw:cpu_policy", "dedicated");
        PinnedHosts.flavor(engine, "nic", 1, "pci_passthrough:alias", "nic:1");
    }

    @AfterEach
    void close() {
        try {
            PinnedHosts.requireAgreement(engine);
        } finally {
            engine.close();
        }
    }

    Instance create(String flavor, int host) {
        return engine.compute()
                .instances()
                .create(spec(flavor).host(HostId.of("h" + host)).build())
                .await(SimEngine.PATIENCE);
    }

    InstanceSpec.Builder spec(String flavor) {
        return engine.spec("web").flavor(flavor);
    }

    GuestLayout layout(Instance instance, int host) {
        return Optional.ofNullable(engine.host(host).layouts().get(instance.id()))
                .orElseThrow();
    }

    GuestPlacement placement(Instance instance, int host) {
        return PinnedHosts.placement(engine, instance.id(), host).orElseThrow();
    }

    /** {@return the CPUs that guests' claims take on a host} */
    Set<Integer> taken(int host) {
        return PinnedHosts.claims(engine).values().stream()
                .filter(claim -> claim.host().equals(HostId.of("h" + host)))
                .flatMap(claim -> claim.placement().orElseThrow().cells().stream())
                .flatMap(cell -> cell.taken().stream())
                .collect(Collectors.toSet());
    }

    long used(int host, ResourceClass resource) {
        return engine.compute()
                .providers()
                .get(ProviderId.of("h" + host))
                .used()
                .getOrDefault(resource, 0L);
    }
}
