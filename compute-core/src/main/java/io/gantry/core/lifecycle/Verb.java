package io.gantry.core.lifecycle;

import io.gantry.instance.TaskState;
import io.gantry.instance.VmState;
import java.util.EnumSet;
import java.util.Set;

/** The verbs on an existing instance: from which states each is possible, and what task it is. */
public enum Verb {
    /** Power on. */
    START("start", TaskState.POWERING_ON, EnumSet.of(VmState.STOPPED)),
    /** Power off. */
    STOP("stop", TaskState.POWERING_OFF, EnumSet.of(VmState.ACTIVE, VmState.PAUSED, VmState.ERROR)),
    /** Reboot by the guest. */
    REBOOT("reboot", TaskState.REBOOTING, EnumSet.of(VmState.ACTIVE)),
    /** Reboot by force. */
    REBOOT_HARD(
            "hard-reboot",
            TaskState.REBOOTING_HARD,
            EnumSet.of(VmState.ACTIVE, VmState.PAUSED, VmState.STOPPED, VmState.ERROR)),
    /** Stop the vCPUs. */
    PAUSE("pause", TaskState.PAUSING, EnumSet.of(VmState.ACTIVE)),
    /** Start the vCPUs again. */
    UNPAUSE("unpause", TaskState.UNPAUSING, EnumSet.of(VmState.PAUSED)),
    /** Move live. */
    LIVE_MIGRATE("live-migrate", TaskState.MIGRATING, EnumSet.of(VmState.ACTIVE, VmState.PAUSED)),
    /** Remove. */
    DELETE(
            "delete",
            TaskState.DELETING,
            EnumSet.of(VmState.BUILDING, VmState.ACTIVE, VmState.PAUSED, VmState.STOPPED, VmState.ERROR));

    private final String word;
    private final TaskState task;

    @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable copy
    private final Set<VmState> from;

    Verb(String word, TaskState task, Set<VmState> from) {
        this.word = word;
        this.task = task;
        this.from = Set.copyOf(from);
    }

    /** {@return the verb as callers read it} */
    public String word() {
        return word;
    }

    /** {@return the task that the instance has meanwhile} */
    public TaskState task() {
        return task;
    }

    /** {@return the states from which it is possible} */
    public Set<VmState> from() {
        return from;
    }
}
