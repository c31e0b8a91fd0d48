package io.gantry.core.lifecycle;

import io.gantry.core.state.ActionRow;
import io.gantry.core.state.FailureRow;
import io.gantry.core.state.InstanceRow;
import io.gantry.core.state.OperationRow;
import io.gantry.core.state.StepRow;
import io.gantry.core.state.Table;
import io.gantry.error.InvalidRequest;
import io.gantry.identity.Action;
import io.gantry.identity.Caller;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceAction;
import io.gantry.instance.InstanceFault;
import io.gantry.instance.InstanceId;
import io.gantry.instance.InstanceLock;
import io.gantry.instance.InstanceText;
import io.gantry.instance.InstanceUpdate;
import io.gantry.instance.VmState;
import io.gantry.spi.store.Transaction;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The verbs that change the record of an instance at once, and the record of what was done to it. */
final class InstanceDetails {
    private static final int MOST_REASON = 255;

    private final Services services;
    private final Asking asking;
    private final InstanceRows rows;
    private final Charges charges;

    InstanceDetails(Services services, Asking asking) {
        this.services = services;
        this.asking = asking;
        this.rows = new InstanceRows(services);
        this.charges = new Charges(services.quotas());
    }

    /** What a verb changes, in the transaction that records it; what it throws refuses the verb. */
    @FunctionalInterface
    private interface Change {
        void apply(Transaction tx, InstanceRow before, InstanceRow.Edit edit);
    }

    private Instance change(InstanceId id, Verb verb, Change change) {
        InstanceRow after = services.state().transact(tx -> {
            InstanceRow before = asking.permitted(tx, id, verb);
            InstanceRows.refuse(
                    verb, before, before.operation().or(before::next), asking.caller(), asking.overrides(before));
            rows.change(tx, id, verb.word(), asking.caller(), edit -> change.apply(tx, before, edit));
            return rows.get(tx, id).value();
        });
        services.events().changed(after.instance(), verb.word());
        return asking.view(after);
    }

    Instance update(InstanceId id, InstanceUpdate update) {
        return change(id, Verb.UPDATE, (tx, before, edit) -> {
            update.name().ifPresent(edit::name);
            update.description()
                    .ifPresent(
                            text -> edit.description(Optional.of(text).filter(description -> !description.isEmpty())));
            update.hostname().ifPresent(edit::hostname);
        });
    }

    Instance setMetadata(InstanceId id, Map<String, String> items) {
        return change(id, Verb.METADATA, (tx, before, edit) -> {
            Instance instance = before.instance();
            Map<String, String> all = new TreeMap<>(instance.metadata());
            all.putAll(items);
            InstanceText.checkMetadata(all);
            charges.checkMetadata(tx, instance.project(), instance.user(), all);
            edit.metadata(all);
        });
    }

    Instance removeMetadata(InstanceId id, Set<String> keys) {
        return change(id, Verb.METADATA, (tx, before, edit) -> {
            Map<String, String> left = new TreeMap<>(before.instance().metadata());
            left.keySet().removeAll(keys);
            edit.metadata(left);
        });
    }

    Instance setTags(InstanceId id, Set<String> tags) {
        InstanceText.checkTags(tags);
        return change(id, Verb.TAGS, (tx, before, edit) -> edit.tags(tags));
    }

    Instance lock(InstanceId id, String reason) {
        if (reason.length() > MOST_REASON) {
            throw new InvalidRequest("lock.reason", reason, "must have at most 255 characters", "Shorten the reason");
        }
        Caller caller = asking.caller();
        Optional<String> words = Optional.of(reason).filter(text -> !text.isBlank());
        return change(
                id,
                Verb.LOCK,
                (tx, before, edit) -> edit.lock(Optional.of(new InstanceLock(
                        caller.user(),
                        caller.role(),
                        words,
                        before.instance()
                                .lock()
                                .map(InstanceLock::since)
                                .orElse(services.clock().instant())))));
    }

    Instance unlock(InstanceId id) {
        return change(id, Verb.UNLOCK, (tx, before, edit) -> edit.lock(Optional.empty()));
    }

    Instance resetState(InstanceId id, VmState state) {
        if (state != VmState.ACTIVE && state != VmState.ERROR) {
            throw new InvalidRequest(
                    "resetState.state", state, "must be ACTIVE or ERROR", "Use the verb that leads to the state");
        }
        return change(id, Verb.RESET_STATE, (tx, before, edit) -> edit.state(state));
    }

    List<InstanceAction> actions(InstanceId id) {
        return services.state().read(tx -> {
            Optional<Table.Entry<InstanceRow>> row =
                    services.state().instances().get(tx, id.toString());
            List<ActionRow> past = services.state().actions().find(tx, "instance", id.toString()).stream()
                    .map(Table.Entry::value)
                    .toList();
            Caller caller = asking.caller();
            if (row.isPresent()) {
                asking.visible(tx, id);
            } else if (past.stream()
                    .noneMatch(action ->
                            caller.isAdmin() || action.caller().project().equals(caller.project()))) {
                throw InstanceRows.notFound(id);
            }
            boolean insides = services.access().permits(caller, Action.INSTANCE_READ_HOST, Optional.empty());
            return Stream.concat(running(tx, id, insides), past.stream().map(action -> view(action, insides)))
                    .sorted(Comparator.comparing(InstanceAction::startedAt).reversed())
                    .toList();
        });
    }

    private Stream<InstanceAction> running(Transaction tx, InstanceId id, boolean insides) {
        return services.state().operations().find(tx, "resource", "instance:" + id).stream()
                .map(Table.Entry::value)
                .filter(row -> !row.status().ended())
                .map(row -> view(row, id, insides));
    }

    private static InstanceAction view(OperationRow row, InstanceId id, boolean insides) {
        return new InstanceAction(
                row.id(),
                id,
                row.verb(),
                row.requestId(),
                row.caller().project(),
                row.caller().user(),
                row.createdAt(),
                Optional.empty(),
                Optional.empty(),
                fault(row.failure(), row.updatedAt(), insides),
                steps(row.steps(), insides));
    }

    private static InstanceAction view(ActionRow row, boolean insides) {
        return new InstanceAction(
                row.id(),
                row.instance(),
                row.verb(),
                row.requestId(),
                row.caller().project(),
                row.caller().user(),
                row.startedAt(),
                Optional.of(row.finishedAt()),
                Optional.of(row.result()),
                fault(row.failure(), row.finishedAt(), insides),
                steps(row.steps(), insides));
    }

    private static Optional<InstanceFault> fault(Optional<FailureRow> failure, Instant at, boolean insides) {
        return failure.map(row -> new InstanceFault(row.code(), row.problem() + ". " + row.remediation() + ".", at))
                .map(fault -> insides ? fault : Asking.view(fault));
    }

    private static List<InstanceAction.ActionStep> steps(List<StepRow> steps, boolean insides) {
        return insides
                ? steps.stream()
                        .map(step -> new InstanceAction.ActionStep(
                                step.name(), step.undo(), step.startedAt(), step.finishedAt(), step.result()))
                        .toList()
                : List.of();
    }
}
