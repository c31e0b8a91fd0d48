package io.gantry.quota;

import io.gantry.error.InvalidRequest;
import io.gantry.identity.ProjectId;
import io.gantry.identity.UserId;
import java.util.Map;

/**
 * Limits on what projects and users may hold, and what they hold. Safe for use by many threads. A change counts from the
 * next request on; what is held already stays.
 *
 * <p>A limit is a user's own in the project, else the project's, else the default set here, else the engine's
 * configuration. {@link #UNLIMITED} is a limit like others: a project that has it is not held to the default. What a
 * user asks for must fit the project's limit and, where the user has one of its own, that one too.
 */
public interface Quotas {
    /** No limit. */
    long UNLIMITED = -1;

    /**
     * {@return the limits that hold for a project}
     *
     * @param project the project
     */
    Map<QuotaResource, Long> limits(ProjectId project);

    /**
     * {@return the limits that hold for a user in a project}
     *
     * @param project the project
     * @param user the user
     */
    Map<QuotaResource, Long> limits(ProjectId project, UserId user);

    /**
     * {@return what a project holds, of everything that is added up for projects}
     *
     * @param project the project
     */
    Map<QuotaResource, Long> usage(ProjectId project);

    /**
     * {@return what a user holds: in the project, or in all, as each resource is added up}
     *
     * @param project the project
     * @param user the user
     */
    Map<QuotaResource, Long> usage(ProjectId project, UserId user);

    /**
     * Sets limits of a project; those not named stay.
     *
     * @param project the project
     * @param limits 0 or more each, or {@link #UNLIMITED}
     * @param force whether to accept limits below what the project holds or its users have been given
     * @throws InvalidRequest if a limit is less than -1, or too low and not forced; nothing was changed
     */
    void set(ProjectId project, Map<QuotaResource, Long> limits, boolean force);

    /**
     * Sets limits of a user in a project; those not named stay.
     *
     * @param project the project
     * @param user the user
     * @param limits 0 or more each, or {@link #UNLIMITED}
     * @param force whether to accept limits below what the user holds, or above what the project's limit leaves beside
     *     its other users' own limits
     * @throws InvalidRequest if a limit is less than -1, or too low or high and not forced; nothing was changed
     */
    void set(ProjectId project, UserId user, Map<QuotaResource, Long> limits, boolean force);

    /**
     * Removes all limits that were set for a project and its users, so that the defaults hold again.
     *
     * @param project the project
     */
    void clear(ProjectId project);

    /**
     * Removes all limits that were set for a user in a project, so that the project's hold again.
     *
     * @param project the project
     * @param user the user
     */
    void clear(ProjectId project, UserId user);

    /** {@return the limits that hold for projects without their own} */
    Map<QuotaResource, Long> defaults();

    /**
     * Sets defaults; those not named stay.
     *
     * @param limits 0 or more each, or {@link #UNLIMITED}
     * @throws InvalidRequest if a limit is less than -1
     */
    void setDefaults(Map<QuotaResource, Long> limits);

    /** Removes all defaults that were set, so that the engine's configuration holds again. */
    void clearDefaults();
}
