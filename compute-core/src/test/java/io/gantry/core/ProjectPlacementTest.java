package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.Compute;
import io.gantry.host.AggregateSpec;
import io.gantry.host.HostId;
import io.gantry.identity.Caller;
import io.gantry.identity.ProjectId;
import io.gantry.identity.Role;
import io.gantry.identity.UserId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.migration.LiveMigrationSpec;
import io.gantry.operation.Operation;
import io.gantry.placement.NoValidHost;
import io.gantry.scheduler.filters.AggregateMultiTenancyIsolationFilter;
import io.gantry.scheduler.filters.SchedulerDefaults;
import io.gantry.spi.scheduler.HostFilter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Schedulers are told whose an instance is by its record or its creator, whatever callers send and whoever moves it. */
final class ProjectPlacementTest {
    private static final String KEY = "filter_tenant_id";

    @TempDir
    Path directory;

    private SimEngine engine;

    @BeforeEach
    void open() {
        List<HostFilter> filters = new ArrayList<>(SchedulerDefaults.filters());
        filters.add(new AggregateMultiTenancyIsolationFilter());
        engine = SimEngine.withFilters(directory, 3, filters);
        reserve("theirs", "other", "h1");
        reserve("ours", "acme", "h2");
        reserve("theirs-too", "other", "h3");
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private void reserve(String aggregate, String project, String host) {
        engine.compute()
                .aggregates()
                .create(AggregateSpec.builder(aggregate).metadata(KEY, project).build());
        engine.compute().aggregates().addHost(aggregate, HostId.of(host));
    }

    private Compute as(String project, Role role) {
        return engine.compute().as(new Caller(ProjectId.of(project), UserId.of("ann"), role));
    }

    private InstanceId created(String project) {
        return as(project, Role.MEMBER)
                .instances()
                .create(engine.spec("web")
                        .metadata("project", "other")
                        .metadata(KEY, "other")
                        .build())
                .await(SimEngine.PATIENCE)
                .id();
    }

    private Optional<HostId> host(InstanceId id) {
        return engine.compute().instances().get(id).host();
    }

    @Test
    void instanceGoesWhereItsCreatorsProjectMayWhateverItsMetadataSay() {
        assertEquals(Optional.of(HostId.of("h2")), host(created("acme")));
    }

    @Test
    void dryRunIsForTheCallersProject() {
        assertEquals(
                Optional.of(HostId.of("h2")),
                as("acme", Role.ADMIN)
                        .instances()
                        .explain(engine.spec("web").build())
                        .chosen());
        assertEquals(
                Optional.of(HostId.of("h1")),
                as("other", Role.ADMIN)
                        .instances()
                        .explain(engine.spec("web").build())
                        .chosen());
    }

    @Test
    void projectWithoutAHostIsToldSo() {
        Operation<Instance> create =
                as("third", Role.MEMBER).instances().create(engine.spec("web").build());

        assertThrows(NoValidHost.class, () -> create.await(SimEngine.PATIENCE));
    }

    @Test
    void operatorOfAnotherProjectMovesItOnlyWhereItsOwnProjectMay() {
        InstanceId id = created("acme");
        Compute operator = as("other", Role.ADMIN);

        NoValidHost refused = assertThrows(
                NoValidHost.class,
                () -> operator.migrations()
                        .live(id, LiveMigrationSpec.anywhere())
                        .await(SimEngine.PATIENCE));
        assertTrue(
                refused.getMessage().contains("AGGREGATE_PROJECT: needs project acme, has projects other"),
                refused::getMessage);
        assertEquals(Optional.of(HostId.of("h2")), host(id));

        reserve("ours-too", "acme", "h3");
        operator.migrations().live(id, LiveMigrationSpec.anywhere()).await(SimEngine.PATIENCE);
        assertEquals(Optional.of(HostId.of("h3")), host(id));
    }
}
