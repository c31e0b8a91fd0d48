package io.gantry.store.jdbc.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.Compute;
import io.gantry.driver.sim.SimCall;
import io.gantry.driver.sim.SimHold;
import io.gantry.error.ComputeException;
import io.gantry.error.Conflict;
import io.gantry.host.Aggregate;
import io.gantry.host.AggregateSpec;
import io.gantry.host.HostId;
import io.gantry.host.HostSpec;
import io.gantry.host.HostState;
import io.gantry.image.ImageId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceSpec;
import io.gantry.instance.VmState;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationCancelled;
import io.gantry.operation.OperationStatus;
import io.gantry.operation.RequestOptions;
import io.gantry.placement.NoValidHost;
import io.gantry.quota.QuotaExceeded;
import io.gantry.quota.QuotaResource;
import io.gantry.spi.store.StateStore;
import io.gantry.store.jdbc.JdbcStore;
import io.gantry.store.jdbc.WithPostgres;
import io.gantry.store.jdbc.testing.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two control nodes of one fleet, on one PostgreSQL. */
@ExtendWith(WithPostgres.class)
final class ControlNodesTest {
    private Nodes nodes;
    private CutOffStore storeOfA;
    private Compute a;
    private Compute b;
    private ImageId image;
    private Supplier<StateStore> stores;

    @BeforeEach
    void open(PostgresServer server, @TempDir Path directory) {
        String schema = server.newSchema();
        stores = () -> JdbcStore.postgres(schema, server.user(), server.password());
        nodes = new Nodes(directory);
        storeOfA = new CutOffStore(stores.get());
        Map<QuotaResource, Long> quotas = Map.of(QuotaResource.INSTANCES, 10L);
        a = nodes.open("a", storeOfA, builder -> builder.quotas(quotas));
        image = nodes.furnish(a);
        b = nodes.open("b", stores.get(), builder -> builder.quotas(quotas));
    }

    @AfterEach
    void close() {
        try {
            assertEquals(List.of(), b.audit().findings());
        } finally {
            storeOfA.cutOff(false);
            a.close();
            b.close();
            nodes.close();
        }
    }

    @Test
    void whatOneNodeDoesTheOtherSeesAndCanFollow() throws InterruptedException {
        SimHold hold = holdCreate();
        Operation<Instance> create = a.instances().create(Nodes.spec("web", image));
        assertTrue(hold.awaitCall(Nodes.PATIENCE));

        Operation<?> followed = b.operation(create.id());
        assertEquals("create", followed.verb());
        assertEquals(VmState.BUILDING, b.instances().list().get(0).state());
        hold.release();

        Instance instance = (Instance) followed.await(Nodes.PATIENCE);
        assertEquals(VmState.ACTIVE, b.instances().get(instance.id()).state());
        b.instances().delete(instance.id()).await(Nodes.PATIENCE);
        assertTrue(a.instances().list().isEmpty());
    }

    @Test
    void aHostThatOneNodeRegistersIsSoonUsedByTheOthers() {
        // What is done once per tick of a lease would not be done in this test.
        try (Compute c = nodes.open("c", stores.get(), builder -> builder.lease(Duration.ofHours(1)))) {
            HostId late = HostId.of("h3");
            a.hosts()
                    .register(HostSpec.builder(late.value())
                            .driver("sim")
                            .connection("sim://h3?vcpus=16&memory-mib=16384&disk-gib=200")
                            .build());

            Nodes.await("c is connected to it", () -> c.hosts().get(late).state() == HostState.UP);
            Instance instance = c.instances()
                    .create(InstanceSpec.builder("web")
                            .flavor("small")
                            .image(image)
                            .host(late)
                            .build())
                    .await(Nodes.PATIENCE);
            c.instances().delete(instance.id()).await(Nodes.PATIENCE);

            a.hosts().unregister(late);
            Nodes.await("c has left it", () -> c.hosts().list().size() == 2);
        }
    }

    private SimHold holdCreate() {
        a.hosts().disable(HostId.of("h2"), "so that h1 is chosen");
        return nodes.fleet().host("h1").holdNext(SimCall.CREATE);
    }

    @Test
    void oneNodeCancelsWhatTheOtherRuns() throws InterruptedException {
        SimHold hold = holdCreate();
        Operation<Instance> create = a.instances().create(Nodes.spec("web", image));
        assertTrue(hold.awaitCall(Nodes.PATIENCE));

        b.operation(create.id()).cancel();
        // The node that runs it reads the wish before the held call ends.
        Thread.sleep(1000);
        hold.release();

        assertThrows(OperationCancelled.class, () -> create.await(Nodes.PATIENCE));
        assertEquals(OperationStatus.CANCELLED, b.operation(create.id()).status());
        b.instances().delete(b.instances().list().get(0).id()).await(Nodes.PATIENCE);
    }

    @Test
    void twoVerbsOnOneInstanceExcludeEachOtherAcrossNodes() throws InterruptedException {
        Instance instance = a.instances().create(Nodes.spec("web", image)).await(Nodes.PATIENCE);
        SimHold hold = nodes.fleet().host(instance.host().orElseThrow().value()).holdNext(SimCall.PAUSE);
        Operation<Instance> pause = a.instances().pause(instance.id());
        assertTrue(hold.awaitCall(Nodes.PATIENCE));

        Conflict refused = assertThrows(Conflict.class, () -> b.instances().stop(instance.id()));

        assertTrue(refused.getMessage().contains(pause.id().toString()), refused.getMessage());
        hold.release();
        assertEquals(VmState.PAUSED, pause.await(Nodes.PATIENCE).state());
    }

    @Test
    void aNodeThatIsCutOffLosesItsWorkToAnotherOneAndDoesNothingMore() throws InterruptedException {
        SimHold hold = holdCreate();
        Operation<Instance> create = a.instances().create(Nodes.spec("web", image));
        assertTrue(hold.awaitCall(Nodes.PATIENCE));
        storeOfA.cutOff(true);

        Nodes.await("b has carried it on", () -> b.runningOperations().isEmpty());

        b.operation(create.id()).await(Nodes.PATIENCE);
        assertEquals(1, nodes.fleet().copies(b.instances().list().get(0).id()).size());
        storeOfA.cutOff(false);
        hold.release();
        assertEquals(VmState.ACTIVE, create.await(Nodes.PATIENCE).state(), "a follows what b has done");
        assertEquals(VmState.ACTIVE, b.instances().list().get(0).state());
    }

    @Test
    void aTokenIsOneTokenOnAllNodes() {
        RequestOptions token = RequestOptions.idempotencyToken("order-4711");

        Operation<Instance> one = a.instances().create(Nodes.spec("web", image), token);
        Operation<Instance> other = b.instances().create(Nodes.spec("web", image), token);

        assertEquals(one.id(), other.id());
        assertEquals(one.await(Nodes.PATIENCE).id(), other.await(Nodes.PATIENCE).id());
        assertEquals(1, b.instances().list().size());
    }

    @Test
    void aHostThatTwoNodesPutIntoTwoZonesIsInOne() throws InterruptedException {
        zone("zone-1");
        zone("zone-2");
        HostId host = HostId.of("h1");
        for (int round = 0; round < 10; round++) {
            AtomicInteger made = new AtomicInteger();
            together(
                    () -> countUnlessRefused(made, () -> a.aggregates().addHost("zone-1", host)),
                    () -> countUnlessRefused(made, () -> b.aggregates().addHost("zone-2", host)));

            assertEquals(1, made.get(), "round " + round);
            List<Aggregate> with = a.aggregates().list().stream()
                    .filter(aggregate -> aggregate.hosts().contains(host))
                    .toList();
            assertEquals(1, with.size(), "round " + round);
            b.aggregates().removeHost(with.get(0).name(), host);
        }
    }

    @Test
    void anInstanceThatOneNodeCreatesWhileAnotherTakesTheHostOutOfItsZoneIsInItOrNowhere() throws InterruptedException {
        zone("zone-1");
        for (int round = 0; round < 10; round++) {
            a.aggregates().addHost("zone-1", HostId.of("h1"));
            InstanceSpec spec = InstanceSpec.builder("web")
                    .flavor("small")
                    .image(image)
                    .zone("zone-1")
                    .build();
            AtomicInteger made = new AtomicInteger();
            together(
                    () -> {
                        try {
                            a.instances().create(spec).await(Nodes.PATIENCE);
                            made.incrementAndGet();
                        } catch (NoValidHost e) {
                            // The host left first.
                        }
                    },
                    () -> countUnlessRefused(made, () -> b.aggregates().removeHost("zone-1", HostId.of("h1"))));

            assertEquals(1, made.get(), "one of both, round " + round);
            assertEquals(List.of(), b.audit().findings(), "round " + round);
            for (Instance instance : b.instances().list()) {
                b.instances().forceDelete(instance.id(), RequestOptions.none()).await(Nodes.PATIENCE);
            }
        }
    }

    private void zone(String name) {
        a.aggregates().create(AggregateSpec.builder(name).zone(name).build());
    }

    private static void countUnlessRefused(AtomicInteger made, Runnable call) {
        try {
            call.run();
            made.incrementAndGet();
        } catch (Conflict e) {
            // The loser.
        }
    }

    private static void together(Runnable one, Runnable other) throws InterruptedException {
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        Thread thread = new Thread(one);
        thread.setUncaughtExceptionHandler((failed, cause) -> failures.add(cause));
        thread.start();
        other.run();
        thread.join();
        assertEquals(List.of(), failures);
    }

    @Test
    void thirtyRacersOnTwoNodesAtAQuotaOfTenLeaveExactlyTen() throws InterruptedException {
        AtomicInteger refused = new AtomicInteger();
        List<Thread> racers = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            Compute node = i % 2 == 0 ? a : b;
            String name = "racer-" + i;
            racers.add(new Thread(() -> {
                try {
                    node.instances().create(Nodes.spec(name, image)).await(Nodes.PATIENCE);
                } catch (QuotaExceeded e) {
                    refused.incrementAndGet();
                } catch (ComputeException e) {
                    throw new AssertionError("Another failure than the quota", e);
                }
            }));
        }
        racers.forEach(Thread::start);
        for (Thread racer : racers) {
            racer.join();
        }

        assertEquals(20, refused.get());
        assertEquals(10, b.instances().list().size());
        assertTrue(b.instances().list().stream().allMatch(instance -> instance.state() == VmState.ACTIVE));
    }
}
