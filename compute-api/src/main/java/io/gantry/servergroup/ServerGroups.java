package io.gantry.servergroup;

import io.gantry.error.Forbidden;
import io.gantry.error.NotFound;
import io.gantry.instance.ServerGroupId;
import io.gantry.quota.QuotaExceeded;
import java.util.List;

/**
 * The server groups that the caller may see: those of its project. Safe for use by many threads.
 *
 * <p>An instance joins a group when it is created, with {@link io.gantry.instance.InstanceSpec.Builder#group}, and leaves it
 * when it is deleted. The hard policies hold at every moment and whatever is done at the same time: a member that is moving
 * counts on both hosts until it is settled where it is.
 */
public interface ServerGroups {
    /**
     * Adds a group without members.
     *
     * @param spec what it is
     * @return the group
     * @throws QuotaExceeded if the project or the user may not have more of them
     * @throws Forbidden if the caller may not
     */
    ServerGroup create(ServerGroupSpec spec);

    /**
     * {@return a group}
     *
     * @param id its id
     * @throws NotFound if there is none, or it is another project's
     */
    ServerGroup get(ServerGroupId id);

    /** {@return the groups, the oldest first} */
    List<ServerGroup> list();

    /**
     * Removes a group. Its members stay as and where they are, in no group.
     *
     * @param id its id
     * @throws NotFound if there is none, or it is another project's
     * @throws Forbidden if the caller may not
     */
    void delete(ServerGroupId id);
}
