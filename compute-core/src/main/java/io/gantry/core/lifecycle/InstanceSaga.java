package io.gantry.core.lifecycle;

import io.gantry.core.operation.Lane;
import io.gantry.core.operation.Saga;
import io.gantry.core.operation.StepContext;
import io.gantry.core.state.ActionRow;
import io.gantry.core.state.InstanceRow;
import io.gantry.core.state.OperationRow;
import io.gantry.core.sync.PowerRules;
import io.gantry.error.ComputeException;
import io.gantry.error.ResourceRef;
import io.gantry.error.Unsupported;
import io.gantry.host.HostId;
import io.gantry.instance.InstanceFault;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.instance.VmState;
import io.gantry.spi.driver.DriverCapability;
import io.gantry.spi.driver.GuestDisks;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.store.Transaction;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all verbs on an instance have in common: they hold its task until they end, leave a record of what they did, and
 * fence the guest when another control node carries them on.
 *
 * @param <T> what the verb yields
 */
public abstract class InstanceSaga<T> implements Saga<T> {
    /** Under this key a step records the host that it works on. */
    protected static final String HOST = "host";

    /** Under this key a step records the guest's power state. */
    protected static final String POWER = "power";

    private static final Logger LOG = LoggerFactory.getLogger(InstanceSaga.class);

    /** What the verbs work with. */
    protected final Services services;

    /** The instances. */
    protected final InstanceRows rows;

    /** Where guests go on their hosts. */
    protected final GuestLayouts layouts;

    /** The instance. */
    protected final InstanceId id;

    /** What instances are charged. */
    final Charges charges;

    private final String verb;

    /** Creates a saga. */
    protected InstanceSaga(Services services, String verb, InstanceId id) {
        this.services = services;
        this.rows = new InstanceRows(services);
        this.layouts = new GuestLayouts(services);
        this.charges = new Charges(services.quotas());
        this.verb = verb;
        this.id = id;
    }

    @Override
    public final ResourceRef resource() {
        return id.ref();
    }

    @Override
    public boolean cancellable() {
        return true;
    }

    /** {@return the instance now} */
    protected final InstanceRow row() {
        return rows.read(id);
    }

    /** {@return the host that the instance is on; recorded, so that undoing finds the same one} */
    protected final HostId host(StepContext context) {
        return context.recorded(HOST).map(HostId::of).orElseGet(() -> {
            HostId host = row().instance()
                    .host()
                    .orElseThrow(() -> new IllegalStateException("Instance " + id + " is on no host"));
            context.record(HOST, host.value());
            return host;
        });
    }

    /** {@return what guest the instance has on a host where it holds a claim} */
    final GuestSpec spec(InstanceRow row, HostId host) {
        return Guests.spec(row, layouts.at(row, host));
    }

    /** {@return the connection to the instance's host} */
    protected final HostConnection connection(StepContext context) {
        return services.hosts().connection(host(context));
    }

    /**
     * {@return what can be done with the disks of a host}
     *
     * @throws Unsupported if its driver cannot do anything with them
     */
    protected final GuestDisks disks(HostId host) {
        return services.hosts()
                .connection(host)
                .disks()
                .orElseThrow(() -> new Unsupported(
                        host.ref(), DriverCapability.DISKS.name(), "its driver cannot do that", "Use another driver"));
    }

    /** {@return a step of short calls to the instance's host} */
    protected final GuestStep onHost(String name, GuestStep.Work work) {
        return GuestStep.in(context -> new Lane.OnHost(host(context)), name, work);
    }

    /** Makes the images of an instance available on a host. */
    protected final void cacheImages(StepContext context, HostId host, InstanceRow.Boot boot) throws Exception {
        Guests.cache(services, context, host, boot);
    }

    /** Records what the guest's power state is. */
    protected final void look(StepContext context, HostConnection connection) {
        context.record(POWER, PowerSteps.power(connection, id).name());
    }

    /** Powers the guest on, and records the power state that it is seen in; fails if it is down by a fault. */
    final void startGuest(StepContext context) {
        startGuest(context, host(context));
    }

    /** As {@link #startGuest(StepContext)}, on a host that the instance is not recorded on yet. */
    final void startGuest(StepContext context, HostId host) {
        services.hosts().connection(host).startGuest(context.call(PowerSteps.CALL), id);
        lookForRunning(context, host);
    }

    /** Records the power state of a guest that should be on; fails if it is down by a fault. */
    final void lookForRunning(StepContext context, HostId host) {
        PowerState seen = PowerSteps.running(services.hosts().connection(host), id, host.value());
        context.record(POWER, seen.name());
    }

    /** {@return the guest's power state, as it was recorded last} */
    protected static PowerState power(StepContext context) {
        return context.recorded(POWER).map(PowerState::valueOf).orElse(PowerState.NOSTATE);
    }

    /** Sets the state that follows from the guest's recorded power state, without fault and task. */
    protected static void settle(InstanceRow.Edit edit, VmState otherwise, StepContext context) {
        PowerState power = power(context);
        edit.state(PowerRules.ofGuest(otherwise, power), power)
                .fault(Optional.empty())
                .free();
    }

    @Override
    public void fail(Transaction tx, StepContext context, ComputeException failure, boolean undone) {
        rows.change(tx, id, edit -> {
            failed(tx, context, edit, undone);
            edit.fault(Optional.of(fault(failure))).free();
        });
    }

    /** Corrects the state after a failure; it stays as it was unless a verb says otherwise. */
    protected void failed(Transaction tx, StepContext context, InstanceRow.Edit edit, boolean undone) {}

    private InstanceFault fault(ComputeException failure) {
        return new InstanceFault(
                failure.code(), failure.getMessage(), services.clock().instant());
    }

    @Override
    public void log(Transaction tx, OperationRow ended) {
        services.state()
                .actions()
                .insert(
                        tx,
                        new ActionRow(
                                id,
                                ended.id(),
                                ended.verb(),
                                ended.requestId(),
                                ended.caller(),
                                ended.createdAt(),
                                ended.updatedAt(),
                                ended.status().name(),
                                ended.failure(),
                                ended.steps()));
    }

    @Override
    public Optional<Long> raiseEpoch(Transaction tx) {
        return rows.raiseEpoch(tx, id);
    }

    @Override
    public void takenOver(StepContext context) {
        context.recorded(HOST).map(HostId::of).ifPresent(host -> fence(context, host));
    }

    /** Makes a host refuse the calls of whoever had the operation before. */
    protected final void fence(StepContext context, HostId host) {
        try {
            services.hosts().connection(host).fence(context.call(PowerSteps.CALL), id);
        } catch (ComputeException e) {
            LOG.warn("Guest {} on {} was not fenced; the steps to come meet the host again", id, host, e);
        }
    }

    @Override
    public void begun() {
        announce(null);
    }

    @Override
    public void ended(@Nullable T result, @Nullable ComputeException failure) {
        announce(failure);
    }

    /** Tells listeners of the instance, and looks at its guest if the verb failed or something was missed meanwhile. */
    protected final void announce(@Nullable ComputeException failure) {
        services.state()
                .read(tx -> services.state().instances().get(tx, id.toString()))
                .map(entry -> entry.value().instance())
                .ifPresent(instance -> {
                    services.events().changed(instance, verb);
                    services.sync().afterVerb(instance, failure != null);
                });
    }
}
