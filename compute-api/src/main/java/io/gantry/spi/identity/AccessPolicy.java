package io.gantry.spi.identity;

import io.gantry.identity.Action;
import io.gantry.identity.Caller;
import io.gantry.identity.ProjectId;
import java.util.Optional;

/**
 * Decides what callers may do: a pure function, asked by many threads before everything that the engine does for a caller.
 *
 * <p>One that passes {@code AccessPolicyContract} of {@code compute-tck} works with the engine. What is denied on another
 * project's resource is answered as if the resource did not exist, whatever the reason.
 */
@FunctionalInterface
public interface AccessPolicy {
    /**
     * {@return whether a caller may do something} Deny what is not known.
     *
     * @param caller who
     * @param action what
     * @param owner the project whose resource it is done to; empty for what belongs to no project, such as hosts
     */
    Decision decide(Caller caller, Action action, Optional<ProjectId> owner);
}
