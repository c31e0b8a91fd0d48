package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.core.identity.RolePolicy;
import io.gantry.error.Forbidden;
import io.gantry.error.IdempotencyConflict;
import io.gantry.error.NotFound;
import io.gantry.host.HostId;
import io.gantry.identity.Action;
import io.gantry.identity.Caller;
import io.gantry.identity.ProjectId;
import io.gantry.identity.Role;
import io.gantry.identity.UserId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceSpec;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import io.gantry.placement.NoValidHost;
import io.gantry.placement.PlacementReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host that is requested still has to pass the filters; one that is forced only has to have room. */
final class ForcedHostTest {
    private static final HostId H1 = HostId.of("h1");
    private static final Caller TENANT = new Caller(ProjectId.of("acme"), UserId.of("ann"), Role.MEMBER);

    @TempDir
    Path directory;

    private SimEngine engine;

    @BeforeEach
    void open() {
        engine = SimEngine.open(
                directory,
                2,
                builder ->
                        builder.accessPolicy(RolePolicy.defaults().with(Action.INSTANCE_CREATE_ON_HOST, Role.MEMBER)));
        engine.compute().hosts().disable(H1, "maintenance");
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private InstanceSpec forced() {
        return engine.spec("web").forcedHost(H1).build();
    }

    private Operation<Instance> create(InstanceSpec spec) {
        return engine.compute().instances().create(spec);
    }

    @Test
    void aDisabledHostThatIsRequestedTakesNothing() {
        NoValidHost refused = SimEngine.failure(
                NoValidHost.class, create(engine.spec("web").host(H1).build()));

        assertEquals(
                List.of("HOST_DISABLED"),
                refused.report().rejected().stream()
                        .map(host -> host.rejection().orElseThrow().verdict().code())
                        .toList());
    }

    @Test
    void aDisabledHostThatIsForcedTakesTheInstance() {
        Instance web = create(forced()).await(SimEngine.PATIENCE);

        assertEquals(Optional.of(H1), web.host());
        assertEquals(1, engine.claimedInstances(1));
        PlacementReport kept = engine.compute().instances().placement(web.id()).orElseThrow();
        assertEquals(Optional.of(H1), kept.chosen());
        assertEquals(List.of(), kept.hosts().get(0).filters());
    }

    @Test
    void aDryRunSaysWhatForcingWouldDo() {
        assertEquals(
                Optional.of(H1), engine.compute().instances().explain(forced()).chosen());
        assertEquals(
                Optional.empty(),
                engine.compute()
                        .instances()
                        .explain(engine.spec("web").host(H1).build())
                        .chosen());
    }

    @Test
    void severalAreForcedTogether() {
        engine.compute()
                .instances()
                .create(forced(), 2, 2, RequestOptions.none())
                .forEach(create -> assertEquals(
                        Optional.of(H1), create.await(SimEngine.PATIENCE).host()));

        assertEquals(2, engine.claimedInstances(1));
    }

    @Test
    void aForcedHostStillNeedsRoom() {
        engine.compute().hosts().register(SimEngine.host("tiny", "vcpus=8&memory-mib=64&disk-gib=200"));
        InstanceSpec spec = engine.spec("web").forcedHost(HostId.of("tiny")).build();

        NoValidHost refused = SimEngine.failure(NoValidHost.class, create(spec));

        assertEquals(
                "MEMORY",
                refused.report()
                        .rejected()
                        .get(0)
                        .rejection()
                        .orElseThrow()
                        .verdict()
                        .code());
        assertEquals(0, engine.compute().hosts().get(HostId.of("tiny")).usage().instances());
    }

    @Test
    void laterMovesAreNotForced() {
        Instance web = create(forced()).await(SimEngine.PATIENCE);
        engine.compute()
                .migrations()
                .cold(web.id(), Optional.of(HostId.of("h2")), RequestOptions.none())
                .await(SimEngine.PATIENCE);
        engine.compute().instances().confirmResize(web.id()).await(SimEngine.PATIENCE);

        SimEngine.failure(
                NoValidHost.class,
                engine.compute().migrations().cold(web.id(), Optional.of(H1), RequestOptions.none()));
    }

    @Test
    void whoMayRequestAHostMayNotForceIt() {
        Forbidden refused = assertThrows(
                Forbidden.class, () -> engine.compute().as(TENANT).instances().create(forced()));

        assertFalse(refused.retryable());
        engine.compute()
                .as(TENANT)
                .instances()
                .create(engine.spec("web").host(HostId.of("h2")).build())
                .await(SimEngine.PATIENCE);
        assertEquals(0, engine.claimedInstances(1));
    }

    @Test
    void aHostThatIsNotThereCannotBeForced() {
        assertThrows(
                NotFound.class,
                () -> create(engine.spec("web").forcedHost(HostId.of("none")).build()));
        assertEquals(0, engine.rows("instance"));
    }

    @Test
    void forcingIsAnotherRequestThanRequesting() {
        RequestOptions once = RequestOptions.idempotencyToken("once");
        engine.compute().instances().create(forced(), once).await(SimEngine.PATIENCE);

        assertThrows(
                IdempotencyConflict.class,
                () -> engine.compute()
                        .instances()
                        .create(engine.spec("web").host(H1).build(), once));
    }

    @Test
    void theLastWordOfABuilderCounts() {
        assertFalse(engine.spec("web").forcedHost(H1).host(H1).build().forced());
    }
}
