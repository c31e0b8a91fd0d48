package io.gantry.core.identity;

import io.gantry.identity.Action;
import io.gantry.identity.Caller;
import io.gantry.identity.ProjectId;
import io.gantry.identity.Role;
import io.gantry.spi.identity.AccessPolicy;
import io.gantry.spi.identity.Decision;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Allows each action from some role on: in the caller's own project, and on what belongs to no project; admins act
 * everywhere. The default matrix is Nova's, where Nova has the action. Immutable.
 */
public final class RolePolicy implements AccessPolicy {
    private final Map<Action, Role> least;

    private RolePolicy(Map<Action, Role> least) {
        this.least = Collections.unmodifiableMap(new EnumMap<>(least));
    }

    /** {@return the default matrix} */
    public static RolePolicy defaults() {
        Map<Action, Role> matrix = new EnumMap<>(Action.class);
        for (Action action : Action.values()) {
            matrix.put(action, leastByDefault(action));
        }
        return new RolePolicy(matrix);
    }

    /** The default matrix; the compiler sees to it that no action is missing. */
    private static Role leastByDefault(Action action) {
        return switch (action) {
            case INSTANCE_READ, IMAGE_READ, FLAVOR_READ, ZONE_READ, QUOTA_READ, KEYPAIR, SERVER_GROUP_READ ->
                Role.READER;
            case INSTANCE_CREATE,
                    INSTANCE_DELETE,
                    INSTANCE_RESTORE,
                    INSTANCE_START,
                    INSTANCE_STOP,
                    INSTANCE_REBOOT,
                    INSTANCE_PAUSE,
                    INSTANCE_UNPAUSE,
                    INSTANCE_SUSPEND,
                    INSTANCE_RESUME,
                    INSTANCE_LOCK,
                    INSTANCE_RESCUE,
                    INSTANCE_UNRESCUE,
                    INSTANCE_SHELVE,
                    INSTANCE_UNSHELVE,
                    INSTANCE_REBUILD,
                    INSTANCE_RESIZE,
                    INSTANCE_CONFIRM_RESIZE,
                    INSTANCE_REVERT_RESIZE,
                    INSTANCE_CREATE_IMAGE,
                    INSTANCE_BACKUP,
                    INSTANCE_TRIGGER_CRASH_DUMP,
                    INSTANCE_CHANGE_PASSWORD,
                    INSTANCE_METADATA,
                    INSTANCE_TAGS,
                    INSTANCE_UPDATE,
                    SERVER_GROUP_WRITE,
                    IMAGE_WRITE -> Role.MEMBER;
            case INSTANCE_LOCK_OVERRIDE -> Role.MANAGER;
            case INSTANCE_READ_HOST,
                    INSTANCE_CREATE_ON_HOST,
                    INSTANCE_FORCE_HOST,
                    INSTANCE_FORCE_DELETE,
                    INSTANCE_SHELVE_OFFLOAD,
                    INSTANCE_MIGRATE,
                    INSTANCE_LIVE_MIGRATE,
                    INSTANCE_EVACUATE,
                    INSTANCE_DIAGNOSTICS,
                    INSTANCE_RESET_STATE,
                    FLAVOR_WRITE,
                    QUOTA_WRITE,
                    HOST_READ,
                    HOST_WRITE,
                    AGGREGATE_READ,
                    AGGREGATE_WRITE,
                    MAINTENANCE,
                    OPERATION_ADMIN,
                    AUDIT -> Role.ADMIN;
        };
    }

    /**
     * {@return the policy with another least role for an action; it holds in the caller's own project, whatever the role}
     *
     * @param action the action
     * @param role the least role that may do it
     */
    public RolePolicy with(Action action, Role role) {
        Map<Action, Role> matrix = new EnumMap<>(least);
        matrix.put(action, role);
        return new RolePolicy(matrix);
    }

    /** {@return the least role that may do an action in its own project} */
    public Role least(Action action) {
        return least.getOrDefault(action, Role.ADMIN);
    }

    @Override
    public Decision decide(Caller caller, Action action, Optional<ProjectId> owner) {
        if (caller.isAdmin()) {
            return Decision.allow();
        }
        if (owner.isPresent() && !owner.get().equals(caller.project())) {
            return Decision.deny("It belongs to another project", Role.ADMIN);
        }
        Role required = least(action);
        return caller.role().includes(required)
                ? Decision.allow()
                : Decision.deny("Role " + word(caller.role()) + " may not " + action.word(), required);
    }

    static String word(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
