package io.gantry.core.operation;

import io.gantry.core.state.Json;
import io.gantry.core.state.OperationRow;
import io.gantry.error.UnexpectedFailure;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The kinds of operations that an engine knows, and what it can make of their journal. */
final class OperationKinds {
    private final Map<String, OperationKind<?, ?>> kinds = new ConcurrentHashMap<>();
    private final Json json;

    OperationKinds(Json json) {
        this.json = json;
    }

    void add(OperationKind<?, ?> kind) {
        if (kinds.putIfAbsent(kind.verb(), kind) != null) {
            throw new IllegalStateException("Two kinds of operation are called " + kind.verb());
        }
    }

    List<String> verbs() {
        return kinds.keySet().stream().sorted().toList();
    }

    /**
     * {@return the kind of an operation}
     *
     * @throws UnexpectedFailure if it is none of this engine's
     */
    OperationKind<?, ?> of(OperationRow row) {
        OperationKind<?, ?> kind = kinds.get(row.verb());
        if (kind == null) {
            throw new UnexpectedFailure(
                    row.resource(),
                    "Reading the journal",
                    new IllegalStateException("this engine knows no operation " + row.verb()));
        }
        return kind;
    }

    /**
     * {@return an operation's saga, made anew}
     *
     * @throws UnexpectedFailure if its request cannot be read
     */
    <Q, T> Saga<T> saga(OperationKind<Q, T> kind, OperationRow row) {
        return kind.saga().apply(read(row, row.request(), kind.request()));
    }

    /**
     * {@return what an operation that succeeded has yielded}
     *
     * @throws UnexpectedFailure if that cannot be read
     */
    <T> T result(OperationKind<?, T> kind, OperationRow row) {
        return read(row, row.result().orElseThrow(), kind.result());
    }

    private <V> V read(OperationRow row, String text, Class<V> type) {
        try {
            return json.read(text, type);
        } catch (IllegalArgumentException e) {
            throw new UnexpectedFailure(row.resource(), "Reading the journal of operation " + row.id(), e);
        }
    }
}
