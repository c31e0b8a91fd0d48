package io.gantry.flavor;

import static java.util.Objects.requireNonNull;

import io.gantry.identity.ProjectId;
import java.util.Optional;
import java.util.Set;

/**
 * Who may use a flavor, to create instances and to resize them. Instances that have it keep it, and can be moved, whatever is
 * set here. Immutable.
 *
 * @param disabled whether nobody may use it
 * @param projects the only projects that see it and may use it; empty for all. Whoever may write flavors always does
 */
public record FlavorAccess(boolean disabled, Optional<Set<ProjectId>> projects) {
    /** Everybody sees it and may use it; so it is unless something else is set. */
    public static final FlavorAccess OPEN = new FlavorAccess(false, Optional.empty());

    /**
     * Copies the projects.
     *
     * @param disabled see the record
     * @param projects see the record
     */
    public FlavorAccess {
        projects = projects.map(Set::copyOf);
    }

    /**
     * {@return the access of some projects}
     *
     * @param projects the only ones; may be none
     */
    public static FlavorAccess only(Set<ProjectId> projects) {
        return new FlavorAccess(false, Optional.of(projects));
    }

    /** {@return the same projects, but nobody may use it} */
    public FlavorAccess disable() {
        return new FlavorAccess(true, projects);
    }

    /** {@return the same projects, which may use it} */
    public FlavorAccess enable() {
        return new FlavorAccess(false, projects);
    }

    /**
     * {@return whether a project sees the flavor}
     *
     * @param project the project
     */
    public boolean isFor(ProjectId project) {
        requireNonNull(project, "project");
        return projects.map(some -> some.contains(project)).orElse(true);
    }
}
