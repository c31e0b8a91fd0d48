package io.gantry.servergroup;

import io.gantry.identity.ProjectId;
import io.gantry.instance.InstanceId;
import io.gantry.instance.ServerGroupId;
import java.util.List;
import java.util.OptionalInt;

/**
 * A server group as it was when it was read.
 *
 * @param id its id
 * @param name its name; not unique
 * @param project whose it is
 * @param policy how its members are placed; never changes
 * @param maxServerPerHost how many members may be on one host, 1 or more; there with {@link ServerGroupPolicy#ANTI_AFFINITY}
 *     only
 * @param members the instances that were created in it and are not deleted, the oldest first
 */
public record ServerGroup(
        ServerGroupId id,
        String name,
        ProjectId project,
        ServerGroupPolicy policy,
        OptionalInt maxServerPerHost,
        List<InstanceId> members) {
    /**
     * Copies the members.
     *
     * @param id see the record
     * @param name see the record
     * @param project see the record
     * @param policy see the record
     * @param maxServerPerHost see the record
     * @param members see the record
     */
    public ServerGroup {
        members = List.copyOf(members);
    }
}
