package io.gantry.core;

import io.gantry.core.identity.AccessControl;
import io.gantry.error.ResourceRef;
import io.gantry.identity.Action;
import io.gantry.identity.Caller;
import java.util.Optional;

/** Asks the access policy on behalf of one caller, for what belongs to no project. */
final class Guard {
    private final AccessControl access;
    private final Caller caller;

    Guard(AccessControl access, Caller caller) {
        this.access = access;
        this.caller = caller;
    }

    void require(Action action, ResourceRef resource) {
        access.require(caller, action, resource, Optional.empty());
    }
}
