package io.gantry.store.jdbc.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.Compute;
import io.gantry.driver.sim.SimCall;
import io.gantry.driver.sim.SimHold;
import io.gantry.error.Conflict;
import io.gantry.host.Aggregate;
import io.gantry.host.AggregateSpec;
import io.gantry.host.HostId;
import io.gantry.image.ImageId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.InstanceSpec;
import io.gantry.instance.VmState;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationStatus;
import io.gantry.operation.OperationSuspended;
import io.gantry.operation.RequestOptions;
import io.gantry.placement.NoValidHost;
import io.gantry.store.jdbc.JdbcStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine on the embedded store ends, and the next one goes on. */
final class RestartTest {
    @TempDir
    Path directory;

    private Compute open(Nodes nodes) {
        return nodes.open("node", JdbcStore.h2(directory.resolve("state")), UnaryOperator.identity());
    }

    @Test
    void whatWasUnderWayIsCarriedOnAndFoundByItsId() throws InterruptedException {
        try (Nodes nodes = new Nodes(directory)) {
            Operation<Instance> create;
            SimHold hold;
            try (Compute first = open(nodes)) {
                ImageId image = nodes.furnish(first);
                first.hosts().disable(HostId.of("h2"), "so that h1 is chosen");
                hold = nodes.fleet().host("h1").holdNext(SimCall.START);
                create = first.instances().create(Nodes.spec("web", image));
                assertTrue(hold.awaitCall(Nodes.PATIENCE));
            }
            assertThrows(OperationSuspended.class, () -> create.await(Nodes.PATIENCE));
            hold.release();

            try (Compute second = open(nodes)) {
                Operation<?> found = second.operation(create.id());
                Instance instance = (Instance) found.await(Nodes.PATIENCE);
                assertEquals(VmState.ACTIVE, instance.state());
                assertEquals(2, second.hosts().list().size());
                assertEquals(List.of(), second.audit().findings());
            }
            try (Compute third = open(nodes)) {
                assertEquals(
                        OperationStatus.SUCCEEDED, third.operation(create.id()).status());
                assertEquals("web", third.instances().list().get(0).name());
            }
        }
    }

    @Test
    void zonesAndWhoAskedForThemAreKept() {
        try (Nodes nodes = new Nodes(directory)) {
            InstanceId id;
            try (Compute first = open(nodes)) {
                ImageId image = nodes.furnish(first);
                first.aggregates()
                        .create(AggregateSpec.builder("rack-1")
                                .zone("zone-1")
                                .metadata("ssd", "true")
                                .build());
                first.aggregates().addHost("rack-1", HostId.of("h2"));
                id = first.instances()
                        .create(InstanceSpec.builder("web")
                                .flavor("small")
                                .image(image)
                                .zone("zone-1")
                                .build())
                        .await(Nodes.PATIENCE)
                        .id();
            }

            try (Compute second = open(nodes)) {
                assertEquals(
                        new Aggregate("rack-1", Optional.of("zone-1"), Map.of("ssd", "true"), List.of(HostId.of("h2"))),
                        second.aggregates().get("rack-1"));
                assertEquals(Optional.of("zone-1"), second.instances().get(id).zone());
                assertThrows(Conflict.class, () -> second.aggregates().removeHost("rack-1", HostId.of("h2")));
                assertThrows(
                        NoValidHost.class,
                        () -> second.migrations()
                                .cold(id, Optional.empty(), RequestOptions.none())
                                .await(Nodes.PATIENCE),
                        "there is no other host in its zone");
                assertEquals(List.of(), second.audit().findings());
            }
        }
    }

    @Test
    void aFailureKeepsItsKindAndItsReasons() {
        try (Nodes nodes = new Nodes(directory)) {
            Operation<Instance> create;
            try (Compute first = open(nodes)) {
                ImageId image = nodes.furnish(first);
                first.hosts().disable(HostId.of("h1"), "maintenance");
                first.hosts().disable(HostId.of("h2"), "maintenance");
                create = first.instances().create(Nodes.spec("web", image));
                assertThrows(NoValidHost.class, () -> create.await(Nodes.PATIENCE));
            }

            try (Compute second = open(nodes)) {
                NoValidHost again = assertThrows(
                        NoValidHost.class, () -> second.operation(create.id()).await(Nodes.PATIENCE));
                assertEquals(2, again.report().rejected().size());
                assertTrue(again.getMessage().contains("maintenance"), again.getMessage());
            }
        }
    }
}
