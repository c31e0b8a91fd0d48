package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.Compute;
import io.gantry.error.Forbidden;
import io.gantry.event.ComputeEvent;
import io.gantry.host.AggregateChanged;
import io.gantry.host.AggregateSpec;
import io.gantry.host.AggregateUpdate;
import io.gantry.host.Aggregates;
import io.gantry.host.Zone;
import io.gantry.identity.Caller;
import io.gantry.identity.ProjectId;
import io.gantry.identity.Role;
import io.gantry.identity.UserId;
import io.gantry.instance.Instance;
import io.gantry.instance.StopOptions;
import io.gantry.instance.UnshelveSpec;
import io.gantry.operation.Operation;
import io.gantry.placement.ProviderId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who sees and changes what of zones and aggregates. */
final class ZoneAccessTest extends VerbTestBase {
    private Compute tenant;

    @BeforeEach
    void makeZone() {
        engine.compute()
                .aggregates()
                .create(AggregateSpec.builder("rack-1").zone("zone-1").build());
        engine.compute().aggregates().addHost("rack-1", h(1));
        tenant = as(Role.MEMBER);
    }

    private Compute as(Role role) {
        return engine.compute().as(new Caller(ProjectId.of("acme"), UserId.of("ann"), role));
    }

    private Instance created() {
        Instance made = tenant.instances()
                .create(engine.spec("web").zone("zone-1").build())
                .await(SimEngine.PATIENCE);
        return tenant.instances().get(made.id());
    }

    @Test
    void tenantsSeeTheNamesOfZonesButNotTheirHosts() {
        assertEquals(
                List.of(new Zone("default", true, List.of()), new Zone("zone-1", true, List.of())),
                as(Role.READER).zones().list());
        assertEquals("default", tenant.zones().defaultZone());
        assertEquals(List.of(h(1)), as(Role.ADMIN).zones().list().get(1).hosts());
    }

    @Test
    void tenantsAskForZonesAndSeeInWhichTheirInstancesAre() {
        Instance instance = created();

        assertEquals(Optional.of("zone-1"), instance.zone());
        assertEquals(Optional.of("zone-1"), instance.requestedZone());
        assertEquals(Optional.empty(), instance.host());
    }

    @Test
    void noOperationOfATenantYieldsTheHost() {
        Operation<Instance> create =
                tenant.instances().create(engine.spec("web").zone("zone-1").build());
        Instance made = await(create);
        assertEquals(Optional.of("zone-1"), made.zone());
        assertEquals(Optional.empty(), made.host());
        assertEquals(Optional.empty(), create.toCompletableFuture().join().host());
        assertEquals(made, tenant.operation(create.id()).await(SimEngine.PATIENCE));
        assertEquals(
                Optional.empty(),
                await(tenant.instances().stop(made.id(), StopOptions.hard())).host());
        for (Operation<Instance> one :
                tenant.instances().create(engine.spec("more").build(), 2, 2, NO_OPTIONS)) {
            assertEquals(Optional.empty(), await(one).host());
        }

        Instance whole = (Instance) engine.compute().operation(create.id()).await(SimEngine.PATIENCE);
        assertEquals(Optional.of(h(1)), whole.host());
    }

    @Test
    void tenantsUnshelveToAZoneButNotToAHost() {
        Instance instance = created();
        tenant.instances().shelve(instance.id()).await(SimEngine.PATIENCE);

        refused(
                Forbidden.class,
                () -> tenant.instances()
                        .unshelve(instance.id(), UnshelveSpec.zone("default").to(h(2))));
        tenant.instances().unshelve(instance.id(), UnshelveSpec.zone("default")).await(SimEngine.PATIENCE);

        assertEquals(
                Optional.of("default"), tenant.instances().get(instance.id()).zone());
    }

    @Test
    void aggregatesAreForAdministratorsAlone() {
        for (Role role : List.of(Role.READER, Role.MEMBER, Role.MANAGER)) {
            Aggregates aggregates = as(role).aggregates();
            refused(Forbidden.class, aggregates::list);
            refused(Forbidden.class, () -> aggregates.get("rack-1"));
            refused(Forbidden.class, () -> aggregates.get("nothing"));
            refused(
                    Forbidden.class,
                    () -> aggregates.create(AggregateSpec.builder("rack-2").build()));
            refused(
                    Forbidden.class,
                    () -> aggregates.update(
                            "rack-1", AggregateUpdate.builder().noZone().build()));
            refused(Forbidden.class, () -> aggregates.addHost("rack-1", h(2)));
            refused(Forbidden.class, () -> aggregates.removeHost("rack-1", h(1)));
            refused(Forbidden.class, () -> aggregates.delete("rack-1"));
            refused(Forbidden.class, () -> as(role).providers().setAggregates(ProviderId.of(h(1)), Set.of()));
        }
        assertEquals(List.of(h(1)), engine.compute().aggregates().get("rack-1").hosts());
    }

    @Test
    void eventsOfAggregatesAreForWhoMaySeeThem() {
        List<ComputeEvent> seenByTenant = new CopyOnWriteArrayList<>();
        List<ComputeEvent> seenByAdmin = new CopyOnWriteArrayList<>();
        tenant.subscribe(seenByTenant::add);
        engine.compute().subscribe(seenByAdmin::add);

        engine.compute().aggregates().addHost("rack-1", h(2));
        created();

        SimEngine.await("the instance's events", () -> !seenByTenant.isEmpty());
        assertTrue(seenByAdmin.stream().anyMatch(AggregateChanged.class::isInstance));
        assertTrue(seenByTenant.stream().noneMatch(AggregateChanged.class::isInstance));
    }
}
