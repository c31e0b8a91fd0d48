package io.gantry.core.maintenance;

import io.gantry.core.operation.StepContext;
import io.gantry.core.state.PlanRunRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.maintenance.MoveOutcome;
import io.gantry.maintenance.MoveStatus;
import io.gantry.operation.OperationId;
import io.gantry.spi.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The moves of a run as its journal has them, and the links that they hold. A move is recorded as running in the transaction
 * that takes its links, before anything is begun.
 */
final class MoveBook {
    private final State state;
    private final StepContext context;
    private final RunRequest.Settings limits;
    private final SortedMap<Integer, MoveRecord> moves = new TreeMap<>();

    MoveBook(State state, StepContext context, RunRequest request) {
        this.state = state;
        this.context = context;
        this.limits = request.settings();
        request.moves().forEach(move -> moves.put(move.number(), MoveRecord.waiting(move)));
        for (int number = 1; ; number++) {
            Optional<MoveRecord> recorded = context.recorded(MoveRecord.KEY + number, MoveRecord.class);
            recorded.ifPresent(move -> moves.put(move.number(), move));
            if (recorded.isEmpty() && number > request.moves().size()) {
                break;
            }
        }
    }

    /** {@return the moves as an operation's journal entry has them} */
    static List<MoveOutcome> outcomes(RunRequest request, Map<String, String> recorded, State state) {
        SortedMap<Integer, MoveRecord> all = new TreeMap<>();
        request.moves().forEach(move -> all.put(move.number(), MoveRecord.waiting(move)));
        recorded.forEach((key, text) -> {
            if (key.startsWith(MoveRecord.KEY)) {
                MoveRecord move = state.json().read(text, MoveRecord.class);
                all.put(move.number(), move);
            }
        });
        return all.values().stream().map(MoveRecord::outcome).toList();
    }

    List<MoveRecord> with(MoveStatus status) {
        return all(move -> move.is(status));
    }

    List<MoveRecord> all(Predicate<MoveRecord> which) {
        return moves.values().stream().filter(which).toList();
    }

    MoveRecord get(int number) {
        return Optional.ofNullable(moves.get(number)).orElseThrow();
    }

    List<MoveOutcome> outcomes() {
        return moves.values().stream().map(MoveRecord::outcome).toList();
    }

    /** {@return the waiting moves whose turn it is by their waves, in order} */
    List<MoveRecord> ready() {
        int wave = moves.values().stream()
                .filter(move -> !move.status().ended())
                .mapToInt(move -> move.move().wave())
                .min()
                .orElse(0);
        return all(move -> move.is(MoveStatus.WAITING) && move.move().wave() == wave);
    }

    /** Adds moves that were found while the run went on, in a wave of their own. */
    void add(List<RunRequest.Move> more) {
        int wave = moves.values().stream()
                        .mapToInt(move -> move.move().wave())
                        .max()
                        .orElse(0)
                + 1;
        int number = moves.isEmpty() ? 0 : moves.lastKey();
        List<MoveRecord> added = new ArrayList<>();
        for (RunRequest.Move move : more) {
            added.add(MoveRecord.waiting(move.after(++number, wave)));
        }
        context.change(tx -> added.forEach(move -> context.record(move.key(), move)));
        added.forEach(move -> moves.put(move.number(), move));
    }

    /** Notes something with the next entry in the journal. */
    void note(MoveRecord move) {
        context.record(move.key(), move);
        moves.put(move.number(), move);
    }

    /** {@return whether the run's own moves admit another one; spares asking the store for what cannot be} */
    boolean mayFit(MoveRecord move) {
        return admits(with(MoveStatus.RUNNING).stream().map(MoveRecord::active).toList(), move);
    }

    /** {@return whether the limits of the links admit a move, of whatever run; it is recorded as running then} */
    boolean take(MoveRecord waiting) {
        MoveRecord running = waiting.running();
        boolean taken = context.<Boolean>transact(tx -> {
            List<PlanRunRow.ActiveMove> active = state.planRuns().readable(tx).stream()
                    .filter(row -> isAlive(tx, row.run()))
                    .flatMap(row -> row.active().stream())
                    .toList();
            if (!admits(active, running)) {
                return false;
            }
            edit(tx, running, true);
            return true;
        });
        if (taken) {
            moves.put(running.number(), running);
        }
        return taken;
    }

    /** A run whose operation is gone has left its row behind. */
    private boolean isAlive(Transaction tx, OperationId run) {
        return state.operations()
                .get(tx, run.toString())
                .filter(entry -> !entry.value().status().ended())
                .isPresent();
    }

    private boolean admits(List<PlanRunRow.ActiveMove> active, MoveRecord move) {
        return active.size() < limits.total()
                && active.stream()
                                .filter(a -> a.source().equals(move.move().source()))
                                .count()
                        < limits.perSource()
                && active.stream()
                                .filter(a -> a.target().equals(move.move().target()))
                                .count()
                        < limits.perTarget();
    }

    /** Records what became of a move under way, and gives its links back. */
    void settle(MoveRecord move) {
        context.change(tx -> edit(tx, move, false));
        moves.put(move.number(), move);
    }

    private void edit(Transaction tx, MoveRecord move, boolean active) {
        Table.Entry<PlanRunRow> entry =
                state.planRuns().get(tx, context.operation().toString()).orElseThrow();
        PlanRunRow row = entry.value();
        state.planRuns().update(tx, entry, active ? row.with(move.active()) : row.without(move.number()));
        context.record(move.key(), move);
    }

    /** {@return what the run is told} */
    PlanRunRow told() {
        return state.read(tx -> state.planRuns().get(tx, context.operation().toString()))
                .map(Table.Entry::value)
                .orElseGet(() -> PlanRunRow.begun(context.operation(), Optional.empty()));
    }
}
