package io.gantry.core.operation;

import io.gantry.core.state.OperationRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.operation.OperationId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Forgets ended operations, their tokens, and the records of instances that are gone. What this process ended it knows by
 * heart; what others left it reads from the journal once in a while.
 */
final class Retention {
    private static final Duration BETWEEN_READINGS = Duration.ofHours(1);
    private static final int BATCH = 100;

    private final State state;
    private final Clock clock;
    private final OperationSettings settings;
    private final Deque<Ended> known = new ArrayDeque<>();
    private final Set<OperationId> ids = new HashSet<>();
    private Instant read = Instant.MIN;

    private record Ended(OperationId id, Instant at) {}

    Retention(State state, Clock clock, OperationSettings settings) {
        this.state = state;
        this.clock = clock;
        this.settings = settings;
    }

    /** An operation has ended. */
    void ended(OperationId id) {
        add(new Ended(id, clock.instant()));
        forget(due(settings.retention().isZero() ? 1 : BATCH));
    }

    private synchronized void add(Ended end) {
        if (ids.add(end.id())) {
            known.add(end);
        }
    }

    /** {@return the operations that are to be forgotten, if they are at least so many} */
    private synchronized List<OperationId> due(int least) {
        Instant oldest = clock.instant().minus(settings.retention());
        List<OperationId> due = new ArrayList<>();
        int over = known.size() - OperationSettings.MOST_ENDED;
        for (Ended end : known) {
            if (due.size() >= over && end.at().isAfter(oldest)) {
                break;
            }
            due.add(end.id());
        }
        if (due.size() < least) {
            return List.of();
        }
        for (int i = 0; i < due.size(); i++) {
            ids.remove(known.remove().id());
        }
        return due;
    }

    /** Forgets what is old enough. */
    void sweep() {
        Instant now = clock.instant();
        if (read.equals(Instant.MIN) || read.plus(BETWEEN_READINGS).isBefore(now)) {
            read = now;
            state.read(tx -> state.operations().find(tx, "ended", "true")).stream()
                    .map(Table.Entry::value)
                    .sorted(Comparator.comparing(OperationRow::updatedAt))
                    .forEach(row -> add(new Ended(row.id(), row.updatedAt())));
        }
        forget(due(1));
        forgetInstances(now.minus(settings.retention()));
    }

    private void forget(List<OperationId> operations) {
        for (int from = 0; from < operations.size(); from += BATCH) {
            List<OperationId> batch = operations.subList(from, Math.min(operations.size(), from + BATCH));
            state.change(tx -> batch.forEach(id -> {
                state.operations()
                        .get(tx, id.toString())
                        .ifPresent(entry -> state.operations().delete(tx, entry));
                state.tokens()
                        .find(tx, "operation", id.toString())
                        .forEach(entry -> state.tokens().delete(tx, entry));
            }));
        }
    }

    private void forgetInstances(Instant oldest) {
        state.read(tx -> state.tombstones().all(tx)).stream()
                .filter(grave -> !grave.value().deletedAt().isAfter(oldest))
                .forEach(grave -> state.change(tx -> {
                    String id = grave.value().instance().toString();
                    state.actions()
                            .find(tx, "instance", id)
                            .forEach(action -> state.actions().delete(tx, action));
                    state.tombstones()
                            .get(tx, id)
                            .ifPresent(entry -> state.tombstones().delete(tx, entry));
                }));
    }
}
