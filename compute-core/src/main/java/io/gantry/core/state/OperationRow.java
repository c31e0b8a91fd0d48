package io.gantry.core.state;

import io.gantry.error.ResourceRef;
import io.gantry.identity.Caller;
import io.gantry.operation.OperationId;
import io.gantry.operation.OperationStatus;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An operation's entry in the journal, written before and after each of its steps.
 *
 * @param id its id
 * @param verb what it does
 * @param resource what it does it to
 * @param requestId the caller's name for the request
 * @param caller who asked
 * @param request what was asked, as JSON text of the verb's request type
 * @param owner which control node runs it
 * @param epoch rises each time it passes to another control node; what drivers are told
 * @param status how far it is
 * @param step index of the step that was begun last; -1 before the first
 * @param undoing whether steps are being undone
 * @param attempt how often it has begun anew after all was undone
 * @param cancelRequested whether its owner asked to cancel it
 * @param committed whether it is past its point of no return
 * @param deadline when it is given up
 * @param data what the steps recorded, for later steps and for undoing
 * @param steps the steps done and undone so far, in order; the last one may be under way
 * @param failure what it failed with, or is being undone for
 * @param result what it yielded, as JSON text of the verb's result type
 * @param createdAt when it was accepted
 * @param updatedAt when this entry was last written
 */
public record OperationRow(
        OperationId id,
        String verb,
        ResourceRef resource,
        String requestId,
        Caller caller,
        String request,
        String owner,
        long epoch,
        OperationStatus status,
        int step,
        boolean undoing,
        int attempt,
        boolean cancelRequested,
        boolean committed,
        Instant deadline,
        Map<String, String> data,
        List<StepRow> steps,
        Optional<FailureRow> failure,
        Optional<String> result,
        Instant createdAt,
        Instant updatedAt) {
    /** How many steps an entry remembers; a verb that tries several hosts has the most. */
    private static final int MOST_STEPS = 100;

    /** Attribute by which the operations that a node runs are found. */
    static final String OWNER = "owner";

    /** Copies the collections. */
    public OperationRow {
        data = Map.copyOf(data);
        steps = List.copyOf(steps);
    }

    Map<String, String> attributes() {
        Map<String, String> attributes = new HashMap<>();
        attributes.put("resource", key(resource));
        attributes.put("ended", Boolean.toString(status.ended()));
        if (!status.ended()) {
            attributes.put(OWNER, owner);
        }
        return attributes;
    }

    static String key(ResourceRef resource) {
        return resource.kind() + ":" + resource.id();
    }

    /** {@return the entry with the next step, or the undoing of one, begun} */
    public OperationRow begun(int index, String name, Map<String, String> recorded, Instant now) {
        return edit(now).step(index).data(recorded).begin(name, undoing, now).build();
    }

    /** {@return the entry with a step that was begun without one of its own} */
    public OperationRow passing(String name, Instant begun) {
        return edit(begun).begin(name, undoing, begun).build();
    }

    /** {@return the entry when steps begin to be undone} */
    public OperationRow failing(FailureRow why, Map<String, String> recorded, Instant now) {
        return edit(now)
                .failure(Optional.of(why))
                .undoing(true)
                .data(recorded)
                .finish("FAILED: " + why.code(), now)
                .build();
    }

    /** {@return the entry with what steps recorded} */
    public OperationRow recorded(Map<String, String> recorded, Instant now) {
        return edit(now).data(recorded).build();
    }

    /** {@return the entry past its point of no return} */
    public OperationRow committed(Instant now) {
        return edit(now).committed(true).build();
    }

    /** {@return the entry when it begins anew} */
    public OperationRow again(Map<String, String> recorded, Instant now) {
        return edit(now)
                .finish("UNDONE", now)
                .step(-1)
                .undoing(false)
                .attempt(attempt + 1)
                .failure(Optional.empty())
                .data(recorded)
                .build();
    }

    /** {@return the entry of the operation that succeeded} */
    public OperationRow succeeded(Optional<String> yielded, Map<String, String> recorded, Instant now) {
        return edit(now)
                .finish(StepRow.DONE, now)
                .status(OperationStatus.SUCCEEDED)
                .result(yielded)
                .data(recorded)
                .build();
    }

    /** {@return the entry of the operation that failed} */
    public OperationRow failed(OperationStatus end, FailureRow why, String last, Instant now) {
        return edit(now).finish(last, now).status(end).failure(Optional.of(why)).build();
    }

    /** {@return the entry with the owner's wish to cancel} */
    public OperationRow cancelling(Instant now) {
        return edit(now).cancelRequested(true).build();
    }

    /** {@return the entry of another owner} */
    public OperationRow ownedBy(String node, long higherEpoch, Instant now) {
        return edit(now).owner(node).epoch(higherEpoch).build();
    }

    private Edit edit(Instant now) {
        return new Edit(this, now);
    }

    private static final class Edit {
        private final OperationRow from;
        private final Instant now;
        private String owner;
        private long epoch;
        private OperationStatus status;
        private int step;
        private boolean undoing;
        private int attempt;
        private boolean cancelRequested;
        private boolean committed;
        private Map<String, String> data;
        private List<StepRow> steps;
        private Optional<FailureRow> failure;
        private Optional<String> result;

        Edit(OperationRow from, Instant now) {
            this.from = from;
            this.now = now;
            this.owner = from.owner;
            this.epoch = from.epoch;
            this.status = from.status;
            this.step = from.step;
            this.undoing = from.undoing;
            this.attempt = from.attempt;
            this.cancelRequested = from.cancelRequested;
            this.committed = from.committed;
            this.data = from.data;
            this.steps = from.steps;
            this.failure = from.failure;
            this.result = from.result;
        }

        Edit owner(String node) {
            this.owner = node;
            return this;
        }

        Edit epoch(long number) {
            this.epoch = number;
            return this;
        }

        Edit status(OperationStatus next) {
            this.status = next;
            return this;
        }

        Edit step(int index) {
            this.step = index;
            return this;
        }

        Edit undoing(boolean backwards) {
            this.undoing = backwards;
            return this;
        }

        Edit attempt(int number) {
            this.attempt = number;
            return this;
        }

        Edit cancelRequested(boolean asked) {
            this.cancelRequested = asked;
            return this;
        }

        Edit committed(boolean past) {
            this.committed = past;
            return this;
        }

        Edit data(Map<String, String> recorded) {
            this.data = recorded;
            return this;
        }

        Edit failure(Optional<FailureRow> why) {
            this.failure = why;
            return this;
        }

        Edit result(Optional<String> yielded) {
            this.result = yielded;
            return this;
        }

        /** Ends the step under way, if one is. */
        Edit finish(String how, Instant at) {
            if (!steps.isEmpty() && steps.get(steps.size() - 1).finishedAt().isEmpty()) {
                StepRow last = steps.get(steps.size() - 1).finished(how, at);
                steps = Stream.concat(steps.stream().limit(steps.size() - 1L), Stream.of(last))
                        .toList();
            }
            return this;
        }

        Edit begin(String name, boolean undo, Instant at) {
            finish(undo ? "UNDONE" : StepRow.DONE, at);
            status = OperationStatus.RUNNING;
            steps = Stream.concat(
                            steps.stream().skip(Math.max(0, steps.size() + 1L - MOST_STEPS)),
                            Stream.of(StepRow.begun(name, undo, at)))
                    .toList();
            return this;
        }

        OperationRow build() {
            return new OperationRow(
                    from.id,
                    from.verb,
                    from.resource,
                    from.requestId,
                    from.caller,
                    from.request,
                    owner,
                    epoch,
                    status,
                    step,
                    undoing,
                    attempt,
                    cancelRequested,
                    committed,
                    from.deadline,
                    data,
                    steps,
                    failure,
                    result,
                    from.createdAt,
                    now);
        }
    }
}
