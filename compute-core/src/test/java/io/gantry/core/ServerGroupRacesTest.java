package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.core.operation.OperationProbe.Phase;
import io.gantry.error.ComputeException;
import io.gantry.error.NotFound;
import io.gantry.host.HostId;
import io.gantry.instance.Instance;
import io.gantry.instance.ServerGroupId;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import io.gantry.placement.NoValidHost;
import io.gantry.scheduler.filters.SchedulerDefaults;
import io.gantry.servergroup.ServerGroupPolicy;
import io.gantry.servergroup.ServerGroupSpec;
import io.gantry.spi.scheduler.HostFilter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the filters cannot know: what others claim between them and the claim. */
final class ServerGroupRacesTest {
    @TempDir
    Path directory;

    private static ServerGroupId group(SimEngine engine, ServerGroupPolicy policy) {
        return engine.compute()
                .serverGroups()
                .create(ServerGroupSpec.builder("web", policy).build())
                .id();
    }

    private static Operation<Instance> createOn(SimEngine engine, int n, ServerGroupId group) {
        return engine.compute()
                .instances()
                .create(engine.spec("web").group(group).host(HostId.of("h" + n)).build());
    }

    private SimEngine withBoth(String name) {
        List<HostFilter> filters = new ArrayList<>(SchedulerDefaults.filters());
        filters.add(new BothJudged());
        return SimEngine.withFilters(directory.resolve(name), 2, filters);
    }

    @RepeatedTest(5)
    void ofTwoFirstMembersOnDifferentHostsOneDecides() {
        try (SimEngine engine = withBoth("affinity")) {
            ServerGroupId id = group(engine, ServerGroupPolicy.AFFINITY);
            List<Operation<Instance>> both = List.of(createOn(engine, 1, id), createOn(engine, 2, id));

            assertEquals(1, oneIsRefused(both, "GROUP_AFFINITY"));
            assertEquals(1, engine.rows("claim"));
        }
    }

    @RepeatedTest(5)
    void ofTwoMembersThatWantOneHostOneGetsIt() {
        try (SimEngine engine = withBoth("anti-affinity")) {
            ServerGroupId id = group(engine, ServerGroupPolicy.ANTI_AFFINITY);
            List<Operation<Instance>> both = List.of(createOn(engine, 1, id), createOn(engine, 1, id));

            assertEquals(1, oneIsRefused(both, "GROUP_ANTI_AFFINITY"));
            assertEquals(1, engine.rows("claim"));
        }
    }

    /** {@return how many were refused, in the claim, for this} */
    private static int oneIsRefused(List<Operation<Instance>> both, String code) {
        int refused = 0;
        for (Operation<Instance> operation : both) {
            try {
                operation.await(SimEngine.PATIENCE);
            } catch (NoValidHost e) {
                refused++;
                String report = e.report().toString();
                assertTrue(report.contains("Claim") && report.contains(code), report);
            }
        }
        return refused;
    }

    @Test
    void aMemberThatIsRefusedByTheClaimGoesToAnotherHost() {
        try (SimEngine engine = withBoth("elsewhere")) {
            ServerGroupId id = group(engine, ServerGroupPolicy.ANTI_AFFINITY);
            List<Operation<Instance>> both = List.of(
                    engine.compute()
                            .instances()
                            .create(engine.spec("web").group(id).build()),
                    engine.compute()
                            .instances()
                            .create(engine.spec("web").group(id).build()));

            List<Optional<HostId>> hosts = both.stream()
                    .map(operation -> operation.await(SimEngine.PATIENCE).host())
                    .toList();
            assertTrue(!hosts.get(0).equals(hosts.get(1)), hosts.toString());
        }
    }

    @RepeatedTest(10)
    void whoJoinsAGroupThatIsBeingDeletedIsRefusedOrInNoGroup() throws InterruptedException {
        try (SimEngine engine = SimEngine.open(directory.resolve("delete"), 2)) {
            ServerGroupId id = group(engine, ServerGroupPolicy.ANTI_AFFINITY);
            List<Operation<Instance>> made = new CopyOnWriteArrayList<>();
            CountDownLatch start = new CountDownLatch(1);
            Thread creating = new Thread(() -> {
                try {
                    start.await();
                    made.add(createOn(engine, 1, id));
                } catch (NotFound e) {
                    // The group went first.
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            creating.start();
            start.countDown();
            engine.compute().serverGroups().delete(id);
            creating.join();

            made.forEach(operation -> operation.await(SimEngine.PATIENCE));
            assertTrue(engine.compute().instances().list().stream()
                    .allMatch(instance -> instance.group().isEmpty()));
            assertEquals(made.size(), engine.rows("instance"));
            assertEquals(0, engine.rows("server-group"));
        }
    }

    @Test
    void anEngineThatDiesAfterTheClaimLeavesTheSlotToTheNextOneWhichKeepsOrFreesIt() throws Exception {
        CountDownLatch claimed = new CountDownLatch(1);
        CountDownLatch dead = new CountDownLatch(1);
        JournalProbe probe = new JournalProbe("create", point -> {
            if (point.step().equals("schedule") && point.phase() == Phase.DONE) {
                claimed.countDown();
                dead.await();
            }
        });
        SimEngine engine = SimEngine.open(directory.resolve("dies"), 2, builder -> builder.probe(probe));
        try {
            ServerGroupId id = group(engine, ServerGroupPolicy.ANTI_AFFINITY);
            probe.arm();
            Operation<Instance> create = createOn(engine, 1, id);
            assertTrue(claimed.await(20, TimeUnit.SECONDS));
            SimEngine next = engine.another(builder -> builder);
            try {
                SimEngine.await(
                        "the next one has carried it on",
                        () -> next.compute().operation(create.id()).status().ended());
                try {
                    createOn(next, 1, id).await(SimEngine.PATIENCE);
                    assertEquals(
                            0,
                            next.compute().instances().list().stream()
                                    .filter(instance -> instance.id().ref().equals(create.resource()))
                                    .filter(instance -> instance.host().isPresent())
                                    .count());
                } catch (NoValidHost e) {
                    assertTrue(
                            e.report().toString().contains("GROUP_ANTI_AFFINITY"),
                            e.report().toString());
                }
                dead.countDown();
                next.compute()
                        .instances()
                        .list()
                        .forEach(left -> end(next.compute().instances().forceDelete(left.id(), RequestOptions.none())));
                SimEngine.await("no slot is left", () -> next.rows("claim") == 0);
                createOn(next, 1, id).await(SimEngine.PATIENCE);
            } finally {
                next.leave();
            }
        } finally {
            dead.countDown();
            engine.close();
        }
    }

    private static void end(Operation<?> operation) {
        try {
            operation.await(SimEngine.PATIENCE);
        } catch (ComputeException e) {
            throw new AssertionError("Not deleted", e);
        }
    }
}
