package io.gantry.core.lifecycle;

import io.gantry.core.identity.AccessControl;
import io.gantry.core.operation.Admission;
import io.gantry.core.operation.OperationKind;
import io.gantry.core.state.InstanceRow;
import io.gantry.core.state.Table;
import io.gantry.error.ComputeException;
import io.gantry.error.InvalidState;
import io.gantry.error.NotFound;
import io.gantry.error.ResourceRef;
import io.gantry.host.HostId;
import io.gantry.identity.Action;
import io.gantry.identity.Caller;
import io.gantry.identity.ProjectId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceChanged;
import io.gantry.instance.InstanceFault;
import io.gantry.instance.InstanceId;
import io.gantry.instance.VmState;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationId;
import io.gantry.operation.RequestOptions;
import io.gantry.spi.store.Transaction;
import java.util.List;
import java.util.Optional;

/** One caller's requests: what it may see and do, and how its verbs are accepted. */
public final class Asking {
    private final Services services;
    private final Caller caller;
    private final InstanceRows rows;

    /** Creates a caller's requests. */
    public Asking(Services services, Caller caller) {
        this.services = services;
        this.caller = caller;
        this.rows = new InstanceRows(services);
    }

    /** {@return who asks} */
    public Caller caller() {
        return caller;
    }

    /** Refuses what the caller may not do with an instance; one of another project is not even there. */
    void require(Action action, InstanceRow row) {
        services.access()
                .require(
                        caller,
                        action,
                        row.instance().id().ref(),
                        Optional.of(row.instance().project()));
    }

    boolean may(Action action, InstanceRow row) {
        return services.access()
                .permits(caller, action, Optional.of(row.instance().project()));
    }

    /** {@return an instance's row, if the caller may see it} */
    public Table.Entry<InstanceRow> visible(Transaction tx, InstanceId id) {
        Table.Entry<InstanceRow> entry = rows.get(tx, id);
        require(Action.INSTANCE_READ, entry.value());
        return entry;
    }

    /** Checks that the caller may use a verb, before anything about the instance is told. */
    public InstanceRow permitted(Transaction tx, InstanceId id, Verb verb) {
        InstanceRow row = visible(tx, id).value();
        require(verb.action(), row);
        return row;
    }

    boolean overrides(InstanceRow row) {
        return may(Action.INSTANCE_LOCK_OVERRIDE, row);
    }

    /** What else is checked and changed when a verb is accepted: bad input is refused before a state that does not fit. */
    @FunctionalInterface
    public interface Extra {
        /** Nothing. */
        Extra NONE = (tx, before) -> {};

        /** Called with the instance as it was before, in the transaction that accepts the verb. */
        void accept(Transaction tx, InstanceRow before);

        /** Called last in that transaction, which may yet fail, and then may be tried again for another operation. */
        default void accepted(OperationId operation) {}
    }

    /** Accepts a verb that takes an instance's task. */
    public <Q, T> Operation<T> submit(
            OperationKind<Q, T> kind,
            Verb verb,
            InstanceId id,
            Object key,
            RequestOptions options,
            Q request,
            Extra extra) {
        return seen(services.operations().submit(kind, key, caller, options, request, (tx, operation) -> {
            InstanceRow before = permitted(tx, id, verb);
            extra.accept(tx, before);
            Admission admission = rows.take(tx, id, verb, operation, caller, overrides(before));
            if (verb != Verb.UNSHELVE) {
                requireHost(before.instance(), verb.word());
            }
            extra.accepted(operation);
            return admission;
        }));
    }

    /** Accepts a delete, which cancels what is at work and waits for its end. */
    Operation<Instance> delete(
            OperationKind<DeleteSaga.Request, Instance> kind, Verb verb, InstanceId id, RequestOptions options) {
        Operation<Instance> operation = services.operations()
                .submit(kind, id, caller, options, new DeleteSaga.Request(id, verb), (tx, delete) -> {
                    InstanceRow before = permitted(tx, id, verb);
                    Admission admission = rows.takeForDelete(tx, id, verb, delete, caller, overrides(before));
                    if (admission.running().isPresent()) {
                        return admission;
                    }
                    if (before.operation().isEmpty()) {
                        return admission.recording(DeleteSaga.turn(services, verb, before));
                    }
                    services.operations().preempt(tx, before.operation().get());
                    return admission;
                });
        holder(id).ifPresent(services.operations()::noticePreempted);
        return seen(operation);
    }

    /** {@return the operation that keeps a delete of an instance waiting} */
    private Optional<OperationId> holder(InstanceId id) {
        return services.state()
                .read(tx -> services.state().instances().get(tx, id.toString()))
                .map(Table.Entry::value)
                .filter(row -> row.next().isPresent())
                .flatMap(InstanceRow::operation);
    }

    /** {@return an instance as the caller may see it: without the cloud's insides, unless it runs the cloud} */
    public Instance view(InstanceRow row) {
        return view(row.instance(), may(Action.INSTANCE_READ_HOST, row));
    }

    /** {@return an event as the caller may see it; empty if it may not see the instance} */
    public Optional<InstanceChanged> view(InstanceChanged event) {
        Optional<ProjectId> owner = Optional.of(event.instance().project());
        if (!services.access().permits(caller, Action.INSTANCE_READ, owner)) {
            return Optional.empty();
        }
        boolean insides = services.access().permits(caller, Action.INSTANCE_READ_HOST, owner);
        return Optional.of(
                new InstanceChanged(event.sequence(), event.at(), view(event.instance(), insides), event.cause()));
    }

    /** {@return an operation whose result and failure are as the caller may see them} */
    public <T> Operation<T> seen(Operation<T> operation) {
        return new SeenOperation<>(operation, this::seenResult, failure -> seen(failure, operation.resource()));
    }

    /** {@return a failure as the caller may see it: without the cloud's insides, unless it runs the cloud} */
    ComputeException seen(ComputeException failure, ResourceRef resource) {
        boolean insides = services.access().permits(caller, Action.INSTANCE_READ_HOST, Optional.of(caller.project()));
        return insides ? failure : TenantText.of(failure, resource);
    }

    @SuppressWarnings("unchecked") // what takes an instance's place is an instance
    private <T> T seenResult(T result) {
        if (result instanceof Instance instance) {
            Optional<ProjectId> owner = Optional.of(instance.project());
            return (T) view(instance, services.access().permits(caller, Action.INSTANCE_READ_HOST, owner));
        }
        return result;
    }

    private static Instance view(Instance instance, boolean insides) {
        if (insides) {
            return instance;
        }
        return new Instance(
                instance.id(),
                instance.project(),
                instance.user(),
                instance.name(),
                instance.description(),
                instance.hostname(),
                instance.state(),
                instance.task(),
                instance.power(),
                Optional.empty(),
                instance.zone(),
                instance.requestedZone(),
                instance.flavor(),
                instance.image(),
                instance.metadata(),
                instance.tags(),
                instance.lock(),
                instance.keyName(),
                instance.group(),
                instance.fault().map(Asking::view),
                instance.createdAt(),
                instance.updatedAt());
    }

    /** {@return a fault without what hosts and hypervisors say of themselves} */
    static InstanceFault view(InstanceFault fault) {
        return new InstanceFault(fault.code(), TenantText.of(fault.code()), fault.at());
    }

    /**
     * {@return the host that an instance is on}
     *
     * @throws InvalidState if it is on none
     */
    static HostId requireHost(Instance instance, String verb) {
        return instance.host()
                .orElseThrow(() -> new InvalidState(
                        instance.id().ref(),
                        verb,
                        instance.state() + " without a host",
                        List.of(VmState.ACTIVE.name(), VmState.PAUSED.name(), VmState.STOPPED.name())));
    }

    /**
     * Checks that a requested host exists.
     *
     * @throws NotFound if it does not
     */
    public void requireHost(Transaction tx, HostId host) {
        if (services.state().hosts().get(tx, host.value()).isEmpty()) {
            throw AccessControl.unknown(host.ref());
        }
    }
}
