package io.gantry.core.lifecycle;

import io.gantry.instance.TaskState;
import io.gantry.instance.VmState;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;

/** Renders the guide's page on the lifecycle. */
public final class LifecyclePage {
    private LifecyclePage() {}

    /**
     * What comes of a step's failure.
     *
     * @param verb the verb
     * @param step the step that failed after it was done
     * @param undone the steps that were undone, in order
     * @param code the failure's code
     * @param after the instance's state afterwards
     */
    public record Failure(String verb, String step, String undone, String code, String after) {}

    /** {@return the page} */
    public static String render(List<Failure> failures) {
        return """
            # The lifecycle of instances

            Every verb is an operation: a saga of steps that is journaled before and after each step. An engine that ends
            at any point leaves an operation that the next engine on the same store carries on, or undoes. At most one verb
            works on an instance; another one is refused with `Conflict`, which names the operation at work, except that a
            delete cancels what it finds and waits for its end.

            Both tables are rendered from the code, the second one by making each step fail once on simulated hosts; a test
            compares them with this page. After a change:

                mvn -o test -pl compute-core -am -Dtest=LifecyclePageTest -Dsurefire.failIfNoSpecifiedTests=false \\
                    -Dgantry.docs.write=true

            ## From which states a verb is possible

            *Lock*: whether somebody else's lock refuses the verb. *Task*: what a task under way means to it.

            | Verb | From | Task meanwhile | Lock | Task under way |
            | --- | --- | --- | --- | --- |
            """
                + Arrays.stream(Verb.values()).map(LifecyclePage::row).collect(Collectors.joining())
                + """

            Where this differs from Nova, and why:

            - `stop` works from PAUSED, and `evacuate` from PAUSED and SUSPENDED: the caller need not unpause a guest to end it.
            - `unrescue` and `restore` bring back a stopped instance stopped, not running.
            - What fails in `rescue`, `resize` and `migrate` is undone: the instance is as and where it was, where Nova leaves
              it in ERROR.
            - A resize may stay on its host unless the engine is told otherwise: a single host is a common case for a library.
            - `delete` never hangs on a dead host or another verb, and a failed verb never keeps a claim that its instance does
              not need.
            - `evacuate` needs a proof that the host is dead; the old guest is removed when the host returns, and its disk only
              if no other host has it.
            - The record follows the hypervisor: a guest that somebody else starts, pauses or stops is not forced back.
            - `trigger-crash-dump` is refused where the guest is off, and has a task, so that nothing else is done meanwhile. The
              interrupt is sent at most once: an engine that finds it under way fails with `OUTCOME_UNKNOWN`.
            - `change-password` is refused at once where the image does not say that there is a guest agent. The password is only in
              the memory of the engine that was asked: another one that finds the change under way fails with
              `PASSWORD_CHANGE_INTERRUPTED`, which says whether the password may have been changed.

            ## What comes of a failure

            The step is done, and then reports a failure. *Undone*: the steps that are undone, in order, the failed one first;
            a step without side effects of its own is listed too. Past a verb's point of no return nothing is undone. Instances
            whose guest was reached are in the state that the guest is found in.

            | Verb | Failing step | Undone | Error | State afterwards |
            | --- | --- | --- | --- | --- |
            """
                + failures.stream().map(LifecyclePage::row).collect(Collectors.joining());
    }

    private static String row(Verb verb) {
        EnumSet<VmState> all = EnumSet.complementOf(EnumSet.of(VmState.DELETED));
        String from = verb.from().equals(all)
                ? "any"
                : verb.from().stream().sorted().map(VmState::name).collect(Collectors.joining(", "));
        return "| `%s` | %s | %s | %s | %s |\n"
                .formatted(
                        verb.word(),
                        from,
                        verb.task().map(TaskState::name).orElse("–"),
                        verb.lock() == Verb.Lock.HEEDED ? "heeded" : "ignored",
                        switch (verb.underWay()) {
                            case NONE -> "refuses it";
                            case PREEMPTED -> "is cancelled";
                            case ANY -> "does not matter";
                        });
    }

    private static String row(Failure failure) {
        return "| `%s` | `%s` | %s | `%s` | %s |\n"
                .formatted(
                        failure.verb(),
                        failure.step(),
                        failure.undone().isEmpty() ? "–" : failure.undone(),
                        failure.code(),
                        failure.after());
    }
}
