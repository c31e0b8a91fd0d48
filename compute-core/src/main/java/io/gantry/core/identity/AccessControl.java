package io.gantry.core.identity;

import io.gantry.error.Forbidden;
import io.gantry.error.NotFound;
import io.gantry.error.ResourceRef;
import io.gantry.identity.Action;
import io.gantry.identity.Caller;
import io.gantry.identity.ProjectId;
import io.gantry.spi.identity.AccessPolicy;
import io.gantry.spi.identity.Decision;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Asks the access policy before a verb does anything. A verb that is forbidden in the caller's own project is refused
 * with the role that it needs; another project's resource looks as if it did not exist.
 */
public final class AccessControl {
    private final AccessPolicy policy;

    /** Creates the control of a policy. */
    public AccessControl(AccessPolicy policy) {
        this.policy = policy;
    }

    /**
     * Requires that a caller may do something. Resources that do not exist must be reported with {@link #unknown}, or
     * else the two can be told apart.
     *
     * @param owner the project that the resource belongs to; empty for what belongs to none
     * @throws NotFound if the caller may not, and the resource is another project's
     * @throws Forbidden if the caller may not
     */
    public void require(Caller caller, Action action, ResourceRef resource, Optional<ProjectId> owner) {
        require(caller, action, resource, owner, () -> unknown(resource));
    }

    /**
     * As {@link #require(Caller, Action, ResourceRef, Optional)}, for kinds of resources that report in other words that
     * there is none.
     *
     * @param unknown what is thrown if there is none
     * @throws NotFound what {@code unknown} yields, if the caller may not, and the resource is another project's
     * @throws Forbidden if the caller may not
     */
    public void require(
            Caller caller,
            Action action,
            ResourceRef resource,
            Optional<ProjectId> owner,
            Supplier<? extends NotFound> unknown) {
        Decision decision = policy.decide(caller, action, owner);
        if (decision.allowed()) {
            return;
        }
        if (owner.isPresent() && !owner.get().equals(caller.project())) {
            throw unknown.get();
        }
        throw new Forbidden(
                resource,
                action.word(),
                decision.required()
                        .map(role -> decision.reason() + "; role " + RolePolicy.word(role) + " is needed")
                        .orElse(decision.reason()));
    }

    /** {@return whether a caller may do something: to leave out of lists what it may not see, and to look past locks} */
    public boolean permits(Caller caller, Action action, Optional<ProjectId> owner) {
        return policy.decide(caller, action, owner).allowed();
    }

    /** {@return what says that there is no such resource} */
    public static NotFound unknown(ResourceRef resource) {
        String plural = resource.kind() + "s";
        return new NotFound(resource, "List the " + plural + " with compute." + plural + "().list()");
    }
}
