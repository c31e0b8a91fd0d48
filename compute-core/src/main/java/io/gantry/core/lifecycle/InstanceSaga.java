package io.gantry.core.lifecycle;

import io.gantry.core.operation.Saga;
import io.gantry.core.operation.Step;
import io.gantry.core.operation.StepContext;
import io.gantry.core.sync.PowerRules;
import io.gantry.error.ComputeException;
import io.gantry.error.ResourceRef;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceFault;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.spi.store.Transaction;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A verb that leaves an instance in the state that its guest has afterwards. */
final class InstanceSaga implements Saga<Instance> {
    /** Under this key the last step records the guest's power state. */
    static final String POWER = "power";

    private final Services services;
    private final InstanceRows rows;
    private final Verb verb;
    private final InstanceId id;
    private final List<Step> steps;

    InstanceSaga(Services services, Verb verb, InstanceId id, List<Step> steps) {
        this.services = services;
        this.rows = new InstanceRows(services.state(), services.clock());
        this.verb = verb;
        this.id = id;
        this.steps = List.copyOf(steps);
    }

    @Override
    public String verb() {
        return verb.word();
    }

    @Override
    public ResourceRef resource() {
        return id.ref();
    }

    @Override
    public List<Step> steps() {
        return steps;
    }

    @Override
    public Instance succeed(Transaction tx, StepContext context) {
        PowerState power = PowerState.valueOf(context.recorded(POWER).orElseThrow());
        return rows.change(
                tx,
                id,
                row -> row.withState(
                                PowerRules.ofGuest(row.instance().state(), power),
                                power,
                                services.clock().instant())
                        .withFault(Optional.empty(), services.clock().instant())
                        .withoutTask(services.clock().instant()));
    }

    @Override
    public void fail(Transaction tx, StepContext context, ComputeException failure, boolean undone) {
        recordFailure(services, tx, id, failure);
    }

    /** Leaves an instance in its state, with a fault and without a task. */
    static void recordFailure(Services services, Transaction tx, InstanceId id, ComputeException failure) {
        InstanceFault fault = fault(services, failure);
        new InstanceRows(services.state(), services.clock())
                .change(
                        tx,
                        id,
                        row -> row.withFault(
                                        Optional.of(fault), services.clock().instant())
                                .withoutTask(services.clock().instant()));
    }

    @Override
    public void begun() {
        announce(services, id, verb.word(), null);
    }

    @Override
    public void ended(@Nullable Instance result, @Nullable ComputeException failure) {
        announce(services, id, verb.word(), failure);
    }

    static InstanceFault fault(Services services, ComputeException failure) {
        return new InstanceFault(
                failure.code(), failure.getMessage(), services.clock().instant());
    }

    /** Tells listeners of an instance, and looks at its guest if the verb failed or missed something. */
    static void announce(Services services, InstanceId id, String cause, @Nullable ComputeException failure) {
        services.state()
                .transact(tx -> services.state()
                        .instances()
                        .get(tx, id.toString())
                        .map(entry -> entry.value().instance()))
                .ifPresent(instance -> {
                    services.events().changed(instance, cause);
                    services.sync().afterVerb(instance, failure != null);
                });
    }
}
