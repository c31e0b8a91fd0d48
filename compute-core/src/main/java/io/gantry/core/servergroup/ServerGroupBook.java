package io.gantry.core.servergroup;

import io.gantry.core.identity.AccessControl;
import io.gantry.core.quota.QuotaBook;
import io.gantry.core.state.InstanceRow;
import io.gantry.core.state.ServerGroupRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.identity.Action;
import io.gantry.identity.Caller;
import io.gantry.instance.Instance;
import io.gantry.instance.ServerGroupId;
import io.gantry.quota.QuotaResource;
import io.gantry.servergroup.ServerGroup;
import io.gantry.servergroup.ServerGroupPolicy;
import io.gantry.servergroup.ServerGroupSpec;
import io.gantry.servergroup.ServerGroups;
import io.gantry.spi.store.Transaction;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The server groups of all projects. */
public final class ServerGroupBook {
    private static final Comparator<ServerGroupRow> OLDEST =
            Comparator.comparing(ServerGroupRow::createdAt).thenComparing(ServerGroupRow::id);

    private final State state;
    private final QuotaBook quotas;
    private final GroupMemberships memberships;
    private final AccessControl access;
    private final Clock clock;

    /** Opens the book of a state. */
    public ServerGroupBook(State state, QuotaBook quotas, AccessControl access, Clock clock) {
        this.state = state;
        this.quotas = quotas;
        this.memberships = new GroupMemberships(state, quotas);
        this.access = access;
        this.clock = clock;
    }

    /** {@return the groups as a caller has them} */
    public ServerGroups of(Caller caller) {
        return new Seen(caller);
    }

    private static String consumer(ServerGroupId id) {
        return "server-group:" + id;
    }

    private ServerGroup group(Transaction tx, ServerGroupRow row) {
        return new ServerGroup(
                row.id(),
                row.name(),
                row.project(),
                row.policy(),
                row.policy() == ServerGroupPolicy.ANTI_AFFINITY
                        ? OptionalInt.of(row.maxServerPerHost())
                        : OptionalInt.empty(),
                memberships.members(tx, row.id()).stream()
                        .map(entry -> entry.value().instance())
                        .sorted(Comparator.comparing(Instance::createdAt).thenComparing(Instance::id))
                        .map(Instance::id)
                        .toList());
    }

    private final class Seen implements ServerGroups {
        private final Caller caller;

        Seen(Caller caller) {
            this.caller = caller;
        }

        @Override
        public ServerGroup create(ServerGroupSpec spec) {
            ServerGroupId id = ServerGroupId.random();
            access.require(caller, Action.SERVER_GROUP_WRITE, id.ref(), Optional.of(caller.project()));
            return state.transact(tx -> {
                quotas.charge(
                        tx,
                        consumer(id),
                        caller.project(),
                        caller.user(),
                        Map.of(QuotaResource.SERVER_GROUPS.word(), 1L));
                ServerGroupRow row = new ServerGroupRow(
                        id, spec.name(), caller.project(), spec.policy(), spec.maxServerPerHost(), clock.instant());
                state.serverGroups().insert(tx, row);
                return group(tx, row);
            });
        }

        @Override
        public ServerGroup get(ServerGroupId id) {
            return state.read(
                    tx -> group(tx, entry(tx, id, Action.SERVER_GROUP_READ).value()));
        }

        @Override
        public List<ServerGroup> list() {
            return state.read(tx -> state.serverGroups().readable(tx).stream()
                    .filter(row -> access.permits(caller, Action.SERVER_GROUP_READ, Optional.of(row.project())))
                    .sorted(OLDEST)
                    .map(row -> group(tx, row))
                    .toList());
        }

        /** Who claims for a member at the same time has read the group's row or the member's, and is run again. */
        @Override
        public void delete(ServerGroupId id) {
            Instant now = clock.instant();
            state.change(tx -> {
                state.serverGroups().delete(tx, entry(tx, id, Action.SERVER_GROUP_WRITE));
                quotas.release(tx, consumer(id));
                for (Table.Entry<InstanceRow> member : memberships.members(tx, id)) {
                    state.instances().update(tx, member, member.value().with(now, InstanceRow.Edit::noGroup));
                }
            });
        }

        private Table.Entry<ServerGroupRow> entry(Transaction tx, ServerGroupId id, Action action) {
            Table.Entry<ServerGroupRow> entry =
                    state.serverGroups().get(tx, id.toString()).orElseThrow(() -> GroupMemberships.unknown(id));
            access.require(
                    caller, action, id.ref(), Optional.of(entry.value().project()), () -> GroupMemberships.unknown(id));
            return entry;
        }
    }
}
