package io.gantry.core.identity;

import io.gantry.error.ResourceRef;
import io.gantry.identity.Action;
import io.gantry.identity.Caller;
import io.gantry.identity.ProjectId;
import java.util.Optional;

/** STUB to be replaced by the merge. */
public final class AccessControl {
    public AccessControl() {}

    public void require(Caller caller, Action action, ResourceRef resource, Optional<ProjectId> owner) {}

    public boolean permits(Caller caller, Action action, Optional<ProjectId> owner) {
        return true;
    }
}
