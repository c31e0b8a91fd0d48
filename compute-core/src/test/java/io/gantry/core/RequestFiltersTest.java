package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.InvalidRequest;
import io.gantry.error.UnexpectedFailure;
import io.gantry.host.AggregateSpec;
import io.gantry.host.HostId;
import io.gantry.instance.Instance;
import io.gantry.maintenance.DrainSpec;
import io.gantry.maintenance.MigrationPlan;
import io.gantry.maintenance.PlannedMove;
import io.gantry.maintenance.UnmovableInstance;
import io.gantry.operation.RequestOptions;
import io.gantry.placement.NoValidHost;
import io.gantry.scheduler.filters.TenantAggregateRequestFilter;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.RequestFilter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What request filters ask for holds at creation, together with others, in dry runs and at moves. */
final class RequestFiltersTest {
    @TempDir
    Path directory;

    private SimEngine open(boolean mandatory) {
        return SimEngine.open(
                directory, 3, builder -> builder.requestFilter(new TenantAggregateRequestFilter(mandatory)));
    }

    private static void reserve(SimEngine engine, String project, String host) {
        engine.compute()
                .aggregates()
                .create(AggregateSpec.builder("reserved")
                        .metadata("filter_tenant_id", project)
                        .build());
        engine.compute().aggregates().addHost("reserved", HostId.of(host));
    }

    @Test
    void aProjectIsKeptOnItsHosts() {
        try (SimEngine engine = open(false)) {
            reserve(engine, "default", "h3");
            HostId h3 = HostId.of("h3");

            Instance web = engine.created("web");

            assertEquals(Optional.of(h3), web.host());
            assertEquals(
                    Optional.of(h3),
                    engine.compute()
                            .instances()
                            .explain(engine.spec("dry").build())
                            .chosen());
            engine.compute()
                    .instances()
                    .create(engine.spec("several").build(), 2, 2, RequestOptions.none())
                    .forEach(create -> assertEquals(
                            Optional.of(h3), create.await(SimEngine.PATIENCE).host()));
            NoValidHost refused = SimEngine.failure(
                    NoValidHost.class,
                    engine.compute().migrations().cold(web.id(), Optional.of(HostId.of("h1")), RequestOptions.none()));
            assertEquals(
                    List.of("NOT_IN_AGGREGATE"),
                    refused.report().rejected().stream()
                            .map(host ->
                                    host.rejection().orElseThrow().verdict().code())
                            .toList());
        }
    }

    @Test
    void aRequestThatIsRefusedLeavesNoClaim() {
        try (SimEngine engine = open(true)) {
            reserve(engine, "other", "h3");

            InvalidRequest refused = SimEngine.failure(InvalidRequest.class, engine.create("web"));

            assertEquals("instance.project", refused.field());
            for (int n = 1; n <= 3; n++) {
                assertEquals(0, engine.claimedInstances(n));
            }
            assertThrows(
                    InvalidRequest.class,
                    () -> engine.compute()
                            .instances()
                            .explain(engine.spec("dry").build()));
        }
    }

    @Test
    void eachIsAddedOnce() {
        ComputeEngineBuilder builder = ComputeEngine.builder().requestFilter(new TenantAggregateRequestFilter());

        assertEquals(
                "engine.requestFilter",
                assertThrows(InvalidRequest.class, () -> builder.requestFilter(new TenantAggregateRequestFilter()))
                        .field());
    }

    @Test
    void anInstanceThatIsRefusedStaysAndTheOthersAreDrained() {
        RequestFilter keeper = (request, aggregates) -> {
            if (request.metadata().containsKey("keep")) {
                throw new InvalidRequest("instance.metadata.keep", "", "says that it stays", "Remove it");
            }
            if (request.metadata().containsKey("break")) {
                throw new IllegalStateException("it broke");
            }
            return request;
        };
        try (SimEngine engine = SimEngine.open(directory, 2, builder -> builder.requestFilter(keeper))) {
            Instance kept = engine.createdOn(1, "kept");
            Instance broken = engine.createdOn(1, "broken");
            Instance free = engine.createdOn(1, "free");
            engine.compute().instances().setMetadata(kept.id(), Map.of("keep", ""));
            engine.compute().instances().setMetadata(broken.id(), Map.of("break", ""));

            MigrationPlan plan = engine.compute().maintenance().drain(HostId.of("h1"), DrainSpec.because("update"));

            assertEquals(
                    List.of(free.id()),
                    plan.moves().stream().map(PlannedMove::instance).toList());
            assertEquals(
                    Map.of(kept.id(), "REFUSED", broken.id(), "REFUSED"),
                    plan.unmovable().stream()
                            .collect(Collectors.toMap(UnmovableInstance::instance, UnmovableInstance::code)));
            engine.compute().maintenance().run(plan).await(SimEngine.PATIENCE);
            assertEquals(Optional.of(HostId.of("h2")), engine.get(free).host());
            assertEquals(Optional.of(HostId.of("h1")), engine.get(kept).host());
        }
    }

    @Test
    void oneThatBreaksIsNamedAndLeavesNoClaim() {
        RequestFilter broken = new RequestFilter() {
            @Override
            public String name() {
                return "Brittle";
            }

            @Override
            public PlacementRequest apply(PlacementRequest request, Map<String, Map<String, String>> aggregates) {
                throw new IllegalStateException("it broke");
            }
        };
        try (SimEngine engine = SimEngine.open(directory, 1, builder -> builder.requestFilter(broken))) {
            UnexpectedFailure failure = SimEngine.failure(UnexpectedFailure.class, engine.create("web"));

            assertTrue(failure.getMessage().contains("Brittle"), failure.getMessage());
            assertEquals(0, engine.claimedInstances(1));
        }
    }
}
