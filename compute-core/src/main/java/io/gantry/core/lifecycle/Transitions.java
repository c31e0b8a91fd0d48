package io.gantry.core.lifecycle;

import io.gantry.error.ComputeException;
import io.gantry.error.Conflict;
import io.gantry.error.InvalidState;
import io.gantry.identity.Caller;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceLock;
import io.gantry.instance.InstanceLocked;
import io.gantry.instance.TaskState;
import io.gantry.instance.VmState;
import io.gantry.operation.OperationId;
import java.util.Optional;

/** Decides by the transition table. A pure function of the instance and of who asks. */
public final class Transitions {
    private Transitions() {}

    /**
     * {@return why a verb is refused; empty if it is possible} A lock is asked about first, then the task, then the state,
     * as in Nova.
     *
     * @param holder the operation that has the instance's task
     * @param overrides whether the policy lets the caller pass locks of others
     */
    public static Optional<ComputeException> refusal(
            Verb verb, Instance instance, Optional<OperationId> holder, Caller caller, boolean overrides) {
        if (verb.lock() == Verb.Lock.HEEDED) {
            Optional<InstanceLock> lock = instance.lock().filter(held -> !mayPass(held, caller, overrides));
            if (lock.isPresent()) {
                return Optional.of(new InstanceLocked(instance.id(), verb.word(), lock.get()));
            }
        }
        if (verb.underWay() == Verb.Task.NONE && holder.isPresent()) {
            return Optional.of(busy(verb, instance, holder.get()));
        }
        if (!verb.from().contains(instance.state())) {
            return Optional.of(new InvalidState(
                    instance.id().ref(),
                    verb.word(),
                    instance.state().name(),
                    verb.from().stream().map(VmState::name).sorted().toList()));
        }
        return Optional.empty();
    }

    /** {@return what a verb meets that finds another one at work} */
    static Conflict busy(Verb verb, Instance instance, OperationId holder) {
        return new Conflict(
                instance.id().ref(),
                "Cannot " + verb.word() + " " + instance.id().ref() + " while operation " + holder
                        + " is at work on it ("
                        + instance.task().map(TaskState::name).orElse("no task") + ")",
                "Await or cancel operation " + holder + ", then try again");
    }

    /** A lock that was made in a higher role than the caller's binds even the user who made it. */
    private static boolean mayPass(InstanceLock lock, Caller caller, boolean overrides) {
        return caller.role().includes(lock.role()) && (overrides || lock.by().equals(caller.user()));
    }
}
