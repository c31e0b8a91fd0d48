package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.Compute;
import io.gantry.error.IdempotencyConflict;
import io.gantry.error.NotFound;
import io.gantry.host.HostId;
import io.gantry.identity.Caller;
import io.gantry.identity.ProjectId;
import io.gantry.identity.Role;
import io.gantry.identity.UserId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.InstanceSpec;
import io.gantry.instance.SchedulerHints;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import io.gantry.placement.NoValidHost;
import io.gantry.placement.PlacementReport;
import io.gantry.scheduler.filters.DifferentHostFilter;
import io.gantry.scheduler.filters.SameHostFilter;
import io.gantry.scheduler.filters.SchedulerDefaults;
import io.gantry.scheduler.filters.SimpleCIDRAffinityFilter;
import io.gantry.spi.scheduler.HostFilter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What owners tell the scheduler holds at creation and at every move, and tells them nothing about others. */
final class SchedulerHintsTest {
    private static final HostId H1 = HostId.of("h1");
    private static final HostId H2 = HostId.of("h2");

    @TempDir
    Path directory;

    private SimEngine engine;

    @BeforeEach
    void open() {
        List<HostFilter> filters = new ArrayList<>(SchedulerDefaults.filters());
        filters.addAll(List.of(new DifferentHostFilter(), new SameHostFilter(), new SimpleCIDRAffinityFilter()));
        engine = SimEngine.withFilters(directory, 2, filters);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private InstanceSpec spec(String name, SchedulerHints.Builder hints) {
        return engine.spec(name).hints(hints.build()).build();
    }

    private Instance created(String name, SchedulerHints.Builder hints) {
        return engine.compute().instances().create(spec(name, hints)).await(SimEngine.PATIENCE);
    }

    private NoValidHost refused(SchedulerHints.Builder hints) {
        return SimEngine.failure(NoValidHost.class, engine.compute().instances().create(spec("refused", hints)));
    }

    private static Operation<?> moved(SimEngine engine, Instance instance, HostId target) {
        return engine.compute().migrations().cold(instance.id(), Optional.of(target), RequestOptions.none());
    }

    private static List<String> codes(PlacementReport report) {
        return report.rejected().stream()
                .map(host -> host.rejection().orElseThrow().verdict().code())
                .toList();
    }

    @Test
    void anInstanceIsPutOnAnotherHostThanTheOneItNames() {
        Instance first = engine.createdOn(1, "first");

        assertEquals(
                Optional.of(H2),
                created("apart", SchedulerHints.builder().differentHost(first.id()))
                        .host());
    }

    @Test
    void anInstanceIsPutOnTheHostOfTheOneItNames() {
        Instance first = engine.createdOn(2, "first");

        assertEquals(
                Optional.of(H2),
                created("together", SchedulerHints.builder().sameHost(first.id()))
                        .host());
    }

    @Test
    void contradictingHintsLeaveNoHost() {
        InstanceId first = engine.createdOn(2, "first").id();

        NoValidHost failure = refused(SchedulerHints.builder().sameHost(first).differentHost(first));

        assertEquals(List.of("SAME_HOST", "DIFFERENT_HOST"), codes(failure.report()));
    }

    @Test
    void hintsHoldWhenTheInstanceIsMoved() {
        InstanceId first = engine.createdOn(1, "first").id();
        Instance apart = created("apart", SchedulerHints.builder().differentHost(first));

        NoValidHost failure = SimEngine.failure(NoValidHost.class, moved(engine, apart, H1));

        assertEquals(List.of("DIFFERENT_HOST"), codes(failure.report()));
        assertEquals(Optional.of(H2), engine.get(apart).host());
    }

    @Test
    void hintsOutliveTheEngineThatWasToldThem() {
        InstanceId first = engine.createdOn(1, "first").id();
        Instance apart = created("apart", SchedulerHints.builder().differentHost(first));
        engine.leave();

        try (SimEngine next = engine.another(builder -> builder)) {
            SimEngine.failure(NoValidHost.class, moved(next, apart, H1));
        }
    }

    @Test
    void onceTheNamedInstanceIsGoneItKeepsNobodyAway() {
        Instance first = engine.createdOn(1, "first");
        Instance apart = created("apart", SchedulerHints.builder().differentHost(first.id()));
        engine.compute().instances().delete(first.id()).await(SimEngine.PATIENCE);

        moved(engine, apart, H1).await(SimEngine.PATIENCE);

        assertEquals(Optional.of(H1), engine.get(apart).host());
    }

    @Test
    void instancesThatNobodyOrAnotherProjectHasAreNotThere() {
        InstanceId theirs = engine.createdOn(1, "theirs").id();
        Compute tenant = engine.compute().as(new Caller(ProjectId.of("acme"), UserId.of("ann"), Role.MEMBER));
        int before = engine.rows("instance");
        for (InstanceId unknown : List.of(theirs, InstanceId.random())) {
            for (SchedulerHints.Builder hints : List.of(
                    SchedulerHints.builder().differentHost(unknown),
                    SchedulerHints.builder().sameHost(unknown))) {
                NotFound refused =
                        assertThrows(NotFound.class, () -> tenant.instances().create(spec("spy", hints)));
                assertEquals(Optional.of(unknown.ref()), refused.resource());
            }
        }
        assertEquals(before, engine.rows("instance"));
    }

    @Test
    void theHostsOwnAddressIsThatOfItsConnection() {
        engine.compute().hosts().register(SimEngine.host("192.0.2.7", "vcpus=8&memory-mib=16384&disk-gib=200"));
        assertEquals(
                Optional.of(HostId.of("192.0.2.7")),
                created("v4", SchedulerHints.builder().near("192.0.2.99")).host());
        assertEquals(
                List.of("NETWORK", "ADDRESS_UNKNOWN", "ADDRESS_UNKNOWN"),
                codes(refused(SchedulerHints.builder().near("198.51.100.1")).report()));
    }

    @Test
    void requestsWithOtherHintsAreOtherRequests() {
        InstanceId first = engine.createdOn(1, "first").id();
        RequestOptions once = RequestOptions.idempotencyToken("once");
        SchedulerHints.Builder apart = SchedulerHints.builder().differentHost(first);
        InstanceId made = engine.compute()
                .instances()
                .create(spec("web", apart), once)
                .await(SimEngine.PATIENCE)
                .id();

        assertEquals(
                made,
                engine.compute()
                        .instances()
                        .create(spec("web", apart), once)
                        .await(SimEngine.PATIENCE)
                        .id());
        assertThrows(
                IdempotencyConflict.class,
                () -> engine.compute()
                        .instances()
                        .create(spec("web", SchedulerHints.builder().sameHost(first)), once));
        assertNotEquals(first, made);
    }
}
