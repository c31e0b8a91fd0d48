package io.gantry.core.servergroup;

import io.gantry.core.quota.QuotaBook;
import io.gantry.core.state.InstanceRow;
import io.gantry.core.state.ServerGroupRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.error.NotFound;
import io.gantry.identity.ProjectId;
import io.gantry.identity.UserId;
import io.gantry.instance.ServerGroupId;
import io.gantry.quota.QuotaExceeded;
import io.gantry.quota.QuotaResource;
import io.gantry.spi.store.Transaction;
import java.util.List;
import java.util.Map;

/** Who is in which server group: instances name theirs. */
public final class GroupMemberships {
    private final State state;
    private final QuotaBook quotas;

    /** Creates the memberships of a state. */
    public GroupMemberships(State state, QuotaBook quotas) {
        this.state = state;
        this.quotas = quotas;
    }

    /**
     * Requires that a project has a group.
     *
     * @throws NotFound if it has none with this id
     */
    public void require(Transaction tx, ServerGroupId id, ProjectId project) {
        entry(tx, id, project);
    }

    /**
     * Lets an instance join that the transaction is about to make. The group's row is written, so that of two that join at
     * once one counts the other, and the group is not deleted meanwhile.
     *
     * @throws NotFound if the project has no such group
     * @throws QuotaExceeded if the group may not have more members
     */
    public void join(Transaction tx, ServerGroupId id, ProjectId project, UserId user) {
        Table.Entry<ServerGroupRow> group = entry(tx, id, project);
        long members = members(tx, id).size();
        quotas.check(tx, project, user, Map.of(QuotaResource.SERVER_GROUP_MEMBERS.word(), members + 1));
        state.serverGroups().update(tx, group, group.value());
    }

    /** {@return the members of a group} */
    List<Table.Entry<InstanceRow>> members(Transaction tx, ServerGroupId id) {
        return state.instances().find(tx, InstanceRow.GROUP, id.toString());
    }

    private Table.Entry<ServerGroupRow> entry(Transaction tx, ServerGroupId id, ProjectId project) {
        return state.serverGroups()
                .get(tx, id.toString())
                .filter(entry -> entry.value().project().equals(project))
                .orElseThrow(() -> unknown(id));
    }

    static NotFound unknown(ServerGroupId id) {
        return new NotFound(id.ref(), "List the server groups with compute.serverGroups().list()");
    }
}
