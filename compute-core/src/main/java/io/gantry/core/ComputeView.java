package io.gantry.core;

import io.gantry.Compute;
import io.gantry.audit.Audit;
import io.gantry.audit.DifferenceFound;
import io.gantry.core.identity.AccessControl;
import io.gantry.core.lifecycle.Asking;
import io.gantry.core.lifecycle.InstanceVerbs;
import io.gantry.core.lifecycle.Services;
import io.gantry.core.migration.MigrationVerbs;
import io.gantry.core.operation.OperationEngine;
import io.gantry.error.Forbidden;
import io.gantry.error.NotFound;
import io.gantry.error.ResourceRef;
import io.gantry.event.ComputeEvent;
import io.gantry.event.ComputeEventListener;
import io.gantry.event.Subscription;
import io.gantry.flavor.Flavors;
import io.gantry.host.AggregateChanged;
import io.gantry.host.Aggregates;
import io.gantry.host.Hosts;
import io.gantry.host.Zones;
import io.gantry.identity.Action;
import io.gantry.identity.Caller;
import io.gantry.identity.Credentials;
import io.gantry.image.Images;
import io.gantry.instance.InstanceChanged;
import io.gantry.instance.Instances;
import io.gantry.keypair.KeyPairs;
import io.gantry.maintenance.Maintenance;
import io.gantry.migration.Migrations;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationId;
import io.gantry.placement.Providers;
import io.gantry.quota.Quotas;
import io.gantry.servergroup.ServerGroups;
import java.util.List;
import java.util.Optional;

/** An engine as one caller has it: what it may do, and what it sees. */
class ComputeView implements Compute {
    private final EngineShared shared;
    private final Services services;
    private final AccessControl access;
    private final Caller caller;
    private final Asking asking;
    private final InstanceVerbs instances;
    private final MigrationVerbs migrations;
    private final Guard guard;

    ComputeView(EngineShared shared, Caller caller) {
        this.shared = shared;
        this.services = shared.services();
        this.access = services.access();
        this.caller = caller;
        this.asking = new Asking(services, caller);
        this.instances = new InstanceVerbs(services, shared.verbs(), asking);
        this.migrations = shared.liveMigrations().of(asking, instances);
        this.guard = new Guard(access, caller);
    }

    final InstanceVerbs instanceVerbs() {
        return instances;
    }

    @Override
    public final Caller caller() {
        return caller;
    }

    @Override
    public final Compute as(Credentials credentials) {
        return new ComputeView(shared, shared.identities().authenticate(credentials));
    }

    @Override
    public final Compute as(Caller other) {
        if (!caller.isAdmin()) {
            throw new Forbidden(
                    other.user().ref(), "act for", "Use credentials of that user, or an engine of your own");
        }
        return new ComputeView(shared, other);
    }

    @Override
    public final Hosts hosts() {
        return new GuardedHosts(shared.hosts(), guard);
    }

    @Override
    public final Aggregates aggregates() {
        return new GuardedAggregates(shared.aggregates(), guard);
    }

    @Override
    public final Zones zones() {
        return new GuardedZones(shared.zones(), guard, access, caller);
    }

    @Override
    public final Flavors flavors() {
        return services.flavors().of(caller);
    }

    @Override
    public final Images images() {
        return new GuardedImages(services.images(), guard, caller);
    }

    @Override
    public final Instances instances() {
        return instances;
    }

    @Override
    public final Migrations migrations() {
        return migrations;
    }

    @Override
    public final Maintenance maintenance() {
        return new GuardedMaintenance(shared.planRuns().of(caller), guard);
    }

    @Override
    public final Providers providers() {
        return new GuardedProviders(shared.providers(), guard);
    }

    @Override
    public final Quotas quotas() {
        return new GuardedQuotas(services.quotas().quotas(), guard, caller);
    }

    @Override
    public final KeyPairs keyPairs() {
        guard.require(Action.KEYPAIR, new ResourceRef("user", caller.user().value()));
        return services.keyPairs().of(caller);
    }

    @Override
    public final ServerGroups serverGroups() {
        return shared.serverGroups().of(caller);
    }

    @Override
    public final Audit audit() {
        guard.require(Action.AUDIT, new ResourceRef("engine", "audit"));
        return shared.reconciler().audit();
    }

    @Override
    public final Audit repair() {
        guard.require(Action.AUDIT, new ResourceRef("engine", "audit"));
        return shared.reconciler().repair();
    }

    @Override
    public final Operation<?> operation(OperationId id) {
        OperationEngine operations = services.operations();
        if (!sees(operations.caller(id))) {
            throw new NotFound(
                    new ResourceRef("operation", id.toString()),
                    "List those that run with compute.runningOperations()");
        }
        return asking.seen(operations.get(id));
    }

    @Override
    public final List<Operation<?>> runningOperations() {
        OperationEngine operations = services.operations();
        return operations.running().stream()
                .filter(operation -> sees(operations.caller(operation.id())))
                .<Operation<?>>map(asking::seen)
                .toList();
    }

    private boolean sees(Caller who) {
        return who.project().equals(caller.project())
                || access.permits(caller, Action.OPERATION_ADMIN, Optional.of(who.project()));
    }

    @Override
    public final Subscription subscribe(ComputeEventListener listener) {
        return shared.bus().subscribe(event -> {
            if (event instanceof InstanceChanged changed) {
                asking.view(changed).ifPresent(listener::onEvent);
            } else if (access.permits(caller, readingOf(event), Optional.empty())) {
                listener.onEvent(event);
            }
        });
    }

    private static Action readingOf(ComputeEvent event) {
        if (event instanceof DifferenceFound) {
            return Action.AUDIT;
        }
        return event instanceof AggregateChanged ? Action.AGGREGATE_READ : Action.HOST_READ;
    }

    /** Only the engine itself can be closed. */
    @Override
    public void close() {}
}
