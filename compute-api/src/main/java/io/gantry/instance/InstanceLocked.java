package io.gantry.instance;

import io.gantry.error.Conflict;

/** Somebody has locked the instance; nothing was changed. */
public final class InstanceLocked extends Conflict {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the failure.
     *
     * @param id the instance
     * @param verb what was asked
     * @param lock the lock
     */
    public InstanceLocked(InstanceId id, String verb, InstanceLock lock) {
        super(
                "INSTANCE_LOCKED",
                id.ref(),
                "Cannot " + verb + " " + id.ref() + ": user " + lock.by() + " has locked it"
                        + lock.reason().map(reason -> " (" + reason + ")").orElse(""),
                "Unlock it first",
                null);
    }
}
