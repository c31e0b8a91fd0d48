package io.gantry.core.quota;

import io.gantry.core.state.State;
import io.gantry.error.InvalidRequest;
import io.gantry.identity.ProjectId;
import io.gantry.identity.UserId;
import io.gantry.quota.QuotaResource;
import io.gantry.quota.QuotaResource.Scope;
import io.gantry.quota.Quotas;
import io.gantry.spi.store.Transaction;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The limits of an engine, and what they are compared with. */
final class ProjectQuotas implements Quotas {
    private final State state;
    private final QuotaBook book;
    private final Limits limits;

    ProjectQuotas(State state, QuotaBook book, Limits limits) {
        this.state = state;
        this.book = book;
        this.limits = limits;
    }

    @Override
    public Map<QuotaResource, Long> limits(ProjectId project) {
        return Collections.unmodifiableMap(state.transact(tx -> limits.of(tx, project)));
    }

    @Override
    public Map<QuotaResource, Long> limits(ProjectId project, UserId user) {
        return Collections.unmodifiableMap(state.transact(tx -> limits.of(tx, project, user)));
    }

    @Override
    public Map<QuotaResource, Long> usage(ProjectId project) {
        return Collections.unmodifiableMap(state.transact(tx -> book.usage(tx, project)));
    }

    @Override
    public Map<QuotaResource, Long> usage(ProjectId project, UserId user) {
        return Collections.unmodifiableMap(state.transact(tx -> book.usage(tx, project, user)));
    }

    @Override
    public void set(ProjectId project, Map<QuotaResource, Long> wanted, boolean force) {
        requireLimits(wanted);
        state.change(tx -> {
            if (!force) {
                Map<QuotaResource, Long> used = book.usage(tx, project);
                new TreeMap<>(wanted).forEach((resource, limit) -> {
                    requireAtLeast(resource, limit, used.getOrDefault(resource, 0L), "project " + project + " holds");
                    if (resource.scope() == Scope.PROJECT) {
                        long given = limits.givenToUsers(tx, project, resource, Optional.empty());
                        requireAtLeast(resource, limit, given, "users of project " + project + " have been given");
                    }
                });
            }
            limits.set(tx, Owner.of(project).key(), Optional.of(project), wanted);
        });
    }

    @Override
    public void set(ProjectId project, UserId user, Map<QuotaResource, Long> wanted, boolean force) {
        requireLimits(wanted);
        state.change(tx -> {
            if (!force) {
                Map<QuotaResource, Long> used = book.usage(tx, project, user);
                new TreeMap<>(wanted).forEach((resource, limit) -> {
                    requireAtLeast(resource, limit, used.getOrDefault(resource, 0L), "user " + user + " holds");
                    requireWithinRemainder(tx, project, user, resource, limit);
                });
            }
            limits.set(tx, Owner.of(project, user).key(), Optional.of(project), wanted);
        });
    }

    private static void requireAtLeast(QuotaResource resource, long limit, long least, String who) {
        if (limit != UNLIMITED && limit < least) {
            throw new InvalidRequest(
                    "quota." + resource.word(),
                    limit,
                    "is less than the " + least + " that " + who,
                    "Give at least " + least + ", or force the change");
        }
    }

    private void requireWithinRemainder(
            Transaction tx, ProjectId project, UserId user, QuotaResource resource, long limit) {
        long whole = limits.of(tx, project).getOrDefault(resource, 0L);
        if (resource.scope() != Scope.PROJECT || whole == UNLIMITED) {
            return;
        }
        long most = Math.max(0, whole - limits.givenToUsers(tx, project, resource, Optional.of(user)));
        if (limit == UNLIMITED || limit > most) {
            throw new InvalidRequest(
                    "quota." + resource.word(),
                    limit,
                    "is more than the " + most + " that project " + project + " has left for user " + user,
                    "Give at most " + most + ", raise the project's limit, or force the change");
        }
    }

    static void requireLimits(Map<QuotaResource, Long> wanted) {
        wanted.forEach((resource, limit) -> {
            if (limit < UNLIMITED) {
                throw new InvalidRequest(
                        "quota." + resource.word(), limit, "is negative", "Give 0 or more, or -1 for no limit");
            }
        });
    }

    @Override
    public void clear(ProjectId project) {
        state.change(tx -> limits.clearAll(tx, project));
    }

    @Override
    public void clear(ProjectId project, UserId user) {
        state.change(tx -> limits.clear(tx, Owner.of(project, user).key()));
    }

    @Override
    public Map<QuotaResource, Long> defaults() {
        return Collections.unmodifiableMap(state.transact(limits::defaults));
    }

    @Override
    public void setDefaults(Map<QuotaResource, Long> wanted) {
        requireLimits(wanted);
        state.change(tx -> limits.set(tx, Owner.DEFAULT, Optional.empty(), wanted));
    }

    @Override
    public void clearDefaults() {
        state.change(tx -> limits.clear(tx, Owner.DEFAULT));
    }
}
