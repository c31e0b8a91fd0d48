package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.error.InvalidRequest;
import io.gantry.flavor.Flavor;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceSpec;
import io.gantry.instance.VmState;
import io.gantry.unit.MemorySize;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Extra specs and image properties on NUMA cells and CPUs that contradict each other are refused, and nothing changes. */
final class TopologyChecksTest extends VerbTestBase {
    @Test
    void createRefusesWhatTheFlavorSaysWrongly() {
        flavor("alone", "hw:cpu_thread_policy", "isolate");
        InstanceSpec spec = engine.spec("web").flavor("alone").build();

        refusedFor("hw:cpu_thread_policy", () -> instances().create(spec));
        refusedFor("hw:cpu_thread_policy", () -> instances().explain(spec));

        assertNothingCreated();
    }

    @Test
    void createRefusesAnImageThatAsksForMoreThanTheFlavorAllows() {
        flavor("sharing", "hw:cpu_policy", "shared");
        InstanceSpec spec = engine.spec("web")
                .flavor("sharing")
                .image(engine.image(Map.of("hw_cpu_policy", "dedicated")))
                .build();

        refusedFor("hw_cpu_policy", () -> instances().create(spec));

        assertNothingCreated();
    }

    @Test
    void createRefusesFlavorAndImageThatDisagreeOnDevices() {
        flavor("near", "hw:pci_numa_affinity_policy", "required");
        InstanceSpec spec = engine.spec("web")
                .flavor("near")
                .image(engine.image(Map.of("hw_pci_numa_affinity_policy", "preferred")))
                .build();

        refusedFor("hw_pci_numa_affinity_policy", () -> instances().create(spec));

        assertNothingCreated();
    }

    @Test
    void resizeRefusesAFlavorThatSaysItWrongly() {
        flavor("mixed", "hw:cpu_policy", "mixed");
        Instance instance = running("web");

        refusedFor("hw:cpu_dedicated_mask", () -> instances().resize(instance.id(), "mixed"));

        assertUnchanged(instance);
    }

    @Test
    void rebuildRefusesAnImageThatSaysItWrongly() {
        Instance instance = running("web");

        refusedFor(
                "hw_cpu_policy",
                () -> instances().rebuild(instance.id(), engine.image(Map.of("hw_cpu_policy", "none"))));

        assertUnchanged(instance);
    }

    @Test
    void rebuildRefusesAnImageWithAnotherTopology() {
        Instance instance = running("web");

        refusedFor(
                "instance.image", () -> instances().rebuild(instance.id(), engine.image(Map.of("hw_numa_nodes", "1"))));

        assertUnchanged(instance);
    }

    private void flavor(String name, String key, String value) {
        engine.compute()
                .flavors()
                .create(Flavor.builder(name)
                        .vcpus(1)
                        .memory(MemorySize.mib(16))
                        .extraSpec(key, value)
                        .build());
    }

    private static void refusedFor(String field, Executable call) {
        assertEquals(field, assertThrows(InvalidRequest.class, call).field());
    }

    private void assertNothingCreated() {
        assertEquals(List.of(), instances().list());
        assertEquals(0, engine.rows("claim"));
    }

    private void assertUnchanged(Instance instance) {
        Instance now = get(instance.id());
        assertEquals(VmState.ACTIVE, now.state());
        assertEquals(instance.flavor(), now.flavor());
        assertEquals(instance.image(), now.image());
        assertEquals(1, engine.rows("claim"));
    }
}
