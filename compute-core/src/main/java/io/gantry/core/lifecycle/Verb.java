package io.gantry.core.lifecycle;

import io.gantry.identity.Action;
import io.gantry.instance.TaskState;
import io.gantry.instance.VmState;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The transition table: the verbs on an existing instance, from which states each is possible, and whether a task under
 * way or a lock keeps it from being so. The states are those of Nova's API unless a comment says why not.
 */
public enum Verb {
    /** Power on. */
    START("start", Action.INSTANCE_START, TaskState.POWERING_ON, EnumSet.of(VmState.STOPPED)),
    /** Power off; from PAUSED too, which saves the caller an unpause. */
    STOP(
            "stop",
            Action.INSTANCE_STOP,
            TaskState.POWERING_OFF,
            EnumSet.of(VmState.ACTIVE, VmState.PAUSED, VmState.ERROR)),
    /** Reboot by the guest. */
    REBOOT("reboot", Action.INSTANCE_REBOOT, TaskState.REBOOTING, EnumSet.of(VmState.ACTIVE)),
    /** Reboot by force: the verb that repairs. */
    REBOOT_HARD(
            "hard-reboot",
            Action.INSTANCE_REBOOT,
            TaskState.REBOOTING_HARD,
            EnumSet.of(VmState.ACTIVE, VmState.PAUSED, VmState.SUSPENDED, VmState.STOPPED, VmState.ERROR)),
    /** Stop the vCPUs. */
    PAUSE("pause", Action.INSTANCE_PAUSE, TaskState.PAUSING, EnumSet.of(VmState.ACTIVE)),
    /** Start the vCPUs again. */
    UNPAUSE("unpause", Action.INSTANCE_UNPAUSE, TaskState.UNPAUSING, EnumSet.of(VmState.PAUSED)),
    /** Save memory to disk. */
    SUSPEND("suspend", Action.INSTANCE_SUSPEND, TaskState.SUSPENDING, EnumSet.of(VmState.ACTIVE)),
    /** Read memory from disk. */
    RESUME("resume", Action.INSTANCE_RESUME, TaskState.RESUMING, EnumSet.of(VmState.SUSPENDED)),
    /** Boot from a rescue disk. */
    RESCUE(
            "rescue",
            Action.INSTANCE_RESCUE,
            TaskState.RESCUING,
            EnumSet.of(VmState.ACTIVE, VmState.STOPPED, VmState.ERROR)),
    /** End the rescue. */
    UNRESCUE("unrescue", Action.INSTANCE_UNRESCUE, TaskState.UNRESCUING, EnumSet.of(VmState.RESCUED)),
    /** Keep as an image. */
    SHELVE(
            "shelve",
            Action.INSTANCE_SHELVE,
            TaskState.SHELVING,
            EnumSet.of(VmState.ACTIVE, VmState.STOPPED, VmState.PAUSED, VmState.SUSPENDED)),
    /** Take off the host. */
    SHELVE_OFFLOAD(
            "shelve-offload",
            Action.INSTANCE_SHELVE_OFFLOAD,
            TaskState.SHELVING_OFFLOADING,
            EnumSet.of(VmState.SHELVED)),
    /** Bring back from the image. */
    UNSHELVE(
            "unshelve",
            Action.INSTANCE_UNSHELVE,
            TaskState.UNSHELVING,
            EnumSet.of(VmState.SHELVED, VmState.SHELVED_OFFLOADED)),
    /** Make the disk anew. */
    REBUILD(
            "rebuild",
            Action.INSTANCE_REBUILD,
            TaskState.REBUILDING,
            EnumSet.of(VmState.ACTIVE, VmState.STOPPED, VmState.ERROR)),
    /** Give another size. */
    RESIZE("resize", Action.INSTANCE_RESIZE, TaskState.RESIZING, EnumSet.of(VmState.ACTIVE, VmState.STOPPED)),
    /** Move while off. */
    MIGRATE("migrate", Action.INSTANCE_MIGRATE, TaskState.RESIZING, EnumSet.of(VmState.ACTIVE, VmState.STOPPED)),
    /** Keep the new size. */
    CONFIRM_RESIZE(
            "confirm-resize", Action.INSTANCE_CONFIRM_RESIZE, TaskState.CONFIRMING_RESIZE, EnumSet.of(VmState.RESIZED)),
    /** Go back to the old size. */
    REVERT_RESIZE(
            "revert-resize", Action.INSTANCE_REVERT_RESIZE, TaskState.REVERTING_RESIZE, EnumSet.of(VmState.RESIZED)),
    /** Bring up elsewhere what a dead host had. */
    EVACUATE(
            "evacuate",
            Action.INSTANCE_EVACUATE,
            TaskState.EVACUATING,
            EnumSet.of(VmState.ACTIVE, VmState.PAUSED, VmState.SUSPENDED, VmState.STOPPED, VmState.ERROR),
            Lock.IGNORED,
            Task.NONE),
    /** Move live. */
    LIVE_MIGRATE(
            "live-migrate",
            Action.INSTANCE_LIVE_MIGRATE,
            TaskState.MIGRATING,
            EnumSet.of(VmState.ACTIVE, VmState.PAUSED)),
    /** Make an image of the disk. */
    CREATE_IMAGE(
            "create-image",
            Action.INSTANCE_CREATE_IMAGE,
            TaskState.IMAGE_SNAPSHOT,
            EnumSet.of(VmState.ACTIVE, VmState.STOPPED, VmState.PAUSED, VmState.SUSPENDED),
            Lock.IGNORED,
            Task.NONE),
    /** Make an image of the disk, and delete older ones. */
    BACKUP(
            "backup",
            Action.INSTANCE_BACKUP,
            TaskState.IMAGE_BACKUP,
            EnumSet.of(VmState.ACTIVE, VmState.STOPPED, VmState.PAUSED, VmState.SUSPENDED),
            Lock.IGNORED,
            Task.NONE),
    /** Send the guest a non-maskable interrupt. Nova has no task for it; here nothing else is done meanwhile. */
    TRIGGER_CRASH_DUMP(
            "trigger-crash-dump",
            Action.INSTANCE_TRIGGER_CRASH_DUMP,
            TaskState.TRIGGERING_CRASH_DUMP,
            EnumSet.of(VmState.ACTIVE, VmState.PAUSED, VmState.RESCUED, VmState.RESIZED, VmState.ERROR)),
    /** Change the password of the guest's administrator. */
    CHANGE_PASSWORD(
            "change-password",
            Action.INSTANCE_CHANGE_PASSWORD,
            TaskState.UPDATING_PASSWORD,
            EnumSet.of(VmState.ACTIVE)),
    /** Bring back what was softly deleted. */
    RESTORE("restore", Action.INSTANCE_RESTORE, TaskState.RESTORING, EnumSet.of(VmState.SOFT_DELETED)),
    /** Remove, at once or so that it can be restored. */
    DELETE("delete", Action.INSTANCE_DELETE, TaskState.DELETING, all(), Lock.HEEDED, Task.PREEMPTED),
    /** Remove at once. */
    FORCE_DELETE("force-delete", Action.INSTANCE_FORCE_DELETE, TaskState.DELETING, all(), Lock.HEEDED, Task.PREEMPTED),
    /** Correct the record. */
    RESET_STATE("reset-state", Action.INSTANCE_RESET_STATE, null, all(), Lock.IGNORED, Task.NONE),
    /** Lock. */
    LOCK("lock", Action.INSTANCE_LOCK, null, all(), Lock.HEEDED, Task.ANY),
    /** Unlock. */
    UNLOCK("unlock", Action.INSTANCE_LOCK, null, all(), Lock.HEEDED, Task.ANY),
    /** Change metadata. */
    METADATA(
            "change the metadata of",
            Action.INSTANCE_METADATA,
            null,
            EnumSet.of(VmState.ACTIVE, VmState.PAUSED, VmState.SUSPENDED, VmState.STOPPED),
            Lock.HEEDED,
            Task.ANY),
    /** Change tags. */
    TAGS(
            "tag",
            Action.INSTANCE_TAGS,
            null,
            EnumSet.of(VmState.ACTIVE, VmState.PAUSED, VmState.SUSPENDED, VmState.STOPPED),
            Lock.IGNORED,
            Task.ANY),
    /** Change name, description or host name. */
    UPDATE("update", Action.INSTANCE_UPDATE, null, all(), Lock.HEEDED, Task.ANY);

    /** What a lock means to a verb. */
    public enum Lock {
        /** Somebody else's lock refuses it. */
        HEEDED,
        /** A lock does not matter. */
        IGNORED
    }

    /** What a task under way means to a verb. */
    public enum Task {
        /** The verb is refused. */
        NONE,
        /** The task is cancelled, and its end awaited. */
        PREEMPTED,
        /** The task does not matter. */
        ANY
    }

    private final String word;
    private final Action action;
    private final @Nullable TaskState task;

    @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable copy
    private final Set<VmState> from;

    private final Lock lock;
    private final Task underWay;

    Verb(String word, Action action, TaskState task, Set<VmState> from) {
        this(word, action, task, from, Lock.HEEDED, Task.NONE);
    }

    Verb(String word, Action action, @Nullable TaskState task, Set<VmState> from, Lock lock, Task underWay) {
        this.word = word;
        this.action = action;
        this.task = task;
        this.from = Set.copyOf(from);
        this.lock = lock;
        this.underWay = underWay;
    }

    private static Set<VmState> all() {
        return EnumSet.complementOf(EnumSet.of(VmState.DELETED));
    }

    /** {@return the verb as callers read it} */
    public String word() {
        return word;
    }

    /** {@return what the access policy is asked} */
    public Action action() {
        return action;
    }

    /** {@return the task that the instance has meanwhile; empty for a verb that is done at once} */
    public Optional<TaskState> task() {
        return Optional.ofNullable(task);
    }

    /** {@return the states from which it is possible} */
    public Set<VmState> from() {
        return from;
    }

    /** {@return what a lock means to it} */
    public Lock lock() {
        return lock;
    }

    /** {@return what a task under way means to it} */
    public Task underWay() {
        return underWay;
    }
}
