package io.gantry.store.jdbc.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.Compute;
import io.gantry.host.HostId;
import io.gantry.image.ImageId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceSpec;
import io.gantry.instance.ServerGroupId;
import io.gantry.operation.Operation;
import io.gantry.placement.NoValidHost;
import io.gantry.servergroup.ServerGroupPolicy;
import io.gantry.servergroup.ServerGroupSpec;
import io.gantry.store.jdbc.JdbcStore;
import io.gantry.store.jdbc.WithPostgres;
import io.gantry.store.jdbc.testing.PostgresServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The hard policies of server groups hold on each store, and where two control nodes share one. There are two hosts. */
@ExtendWith(WithPostgres.class)
final class ServerGroupStoresTest {
    private static final int MEMBERS = 8;

    @TempDir
    Path directory;

    @Test
    void policiesHoldOnTheEmbeddedStore() {
        try (Nodes nodes = new Nodes(directory);
                Compute node = nodes.open("node", JdbcStore.h2(directory.resolve("state")), UnaryOperator.identity())) {
            policiesHold(nodes.furnish(node), List.of(node, node));
        }
    }

    @Test
    void groupsAndWhereTheirMembersAreOutliveTheEngine() {
        try (Nodes nodes = new Nodes(directory)) {
            ImageId image;
            ServerGroupId group;
            try (Compute first =
                    nodes.open("node", JdbcStore.h2(directory.resolve("state")), UnaryOperator.identity())) {
                image = nodes.furnish(first);
                group = group(first, ServerGroupPolicy.AFFINITY);
                first.instances()
                        .create(member(group, image).host(HostId.of("h2")).build())
                        .await(Nodes.PATIENCE);
            }
            try (Compute second =
                    nodes.open("node", JdbcStore.h2(directory.resolve("state")), UnaryOperator.identity())) {
                Instance instance =
                        second.instances().create(member(group, image).build()).await(Nodes.PATIENCE);
                assertEquals(Optional.of(HostId.of("h2")), instance.host());
                assertEquals(2, second.serverGroups().get(group).members().size());
                assertTrue(second.audit().isEmpty());
            }
        }
    }

    @Test
    void policiesHoldWhereTwoNodesShareOnePostgres(PostgresServer server) {
        String schema = server.newSchema();
        try (Nodes nodes = new Nodes(directory);
                Compute a = nodes.open(
                        "a", JdbcStore.postgres(schema, server.user(), server.password()), UnaryOperator.identity())) {
            ImageId image = nodes.furnish(a);
            try (Compute b = nodes.open(
                    "b", JdbcStore.postgres(schema, server.user(), server.password()), UnaryOperator.identity())) {
                policiesHold(image, List.of(a, b));
            }
        }
    }

    private static ServerGroupId group(Compute compute, ServerGroupPolicy policy) {
        return compute.serverGroups()
                .create(ServerGroupSpec.builder("group", policy).build())
                .id();
    }

    private static InstanceSpec.Builder member(ServerGroupId group, ImageId image) {
        return InstanceSpec.builder("web").flavor("small").image(image).group(group);
    }

    private static void policiesHold(ImageId image, List<Compute> nodes) {
        for (int round = 0; round < 3; round++) {
            List<HostId> apart = hosts(image, nodes, ServerGroupPolicy.ANTI_AFFINITY);
            assertEquals(2, apart.size(), "one on each host, in round " + round);
            assertEquals(2, new HashSet<>(apart).size(), "one on each host, in round " + round);

            List<HostId> together = hosts(image, nodes, ServerGroupPolicy.AFFINITY);
            assertEquals(MEMBERS, together.size());
            assertEquals(1, Set.copyOf(together).size(), "all on one host, in round " + round);
        }
        assertTrue(nodes.get(0).audit().isEmpty());
    }

    /** {@return where those are of some created at once, by nodes in turns, that found a host} */
    private static List<HostId> hosts(ImageId image, List<Compute> nodes, ServerGroupPolicy policy) {
        Compute first = nodes.get(0);
        ServerGroupId group = group(first, policy);
        List<Operation<Instance>> all = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            all.add(nodes.get(i % nodes.size())
                    .instances()
                    .create(member(group, image).build()));
        }
        List<HostId> hosts = new ArrayList<>();
        for (Operation<Instance> operation : all) {
            try {
                hosts.add(operation.await(Nodes.PATIENCE).host().orElseThrow());
            } catch (NoValidHost e) {
                assertTrue(e.report().toString().contains("GROUP_"), e.report().toString());
            }
        }
        first.serverGroups()
                .get(group)
                .members()
                .forEach(member -> first.instances().delete(member).await(Nodes.PATIENCE));
        first.serverGroups().delete(group);
        return hosts;
    }
}
