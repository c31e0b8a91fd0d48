package io.gantry.core.quota;

import io.gantry.core.state.QuotaLimitRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.identity.ProjectId;
import io.gantry.identity.UserId;
import io.gantry.quota.QuotaResource;
import io.gantry.quota.Quotas;
import io.gantry.spi.store.Transaction;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which limit holds. */
final class Limits {
    private final State state;
    private final Map<QuotaResource, Long> configured;

    Limits(State state, Map<QuotaResource, Long> configured) {
        this.state = state;
        this.configured = new EnumMap<>(QuotaResource.class);
        for (QuotaResource resource : QuotaResource.values()) {
            this.configured.put(resource, configured.getOrDefault(resource, resource.defaultLimit()));
        }
    }

    Map<QuotaResource, Long> defaults(Transaction tx) {
        return overlaid(tx, configured, Owner.DEFAULT);
    }

    Map<QuotaResource, Long> of(Transaction tx, ProjectId project) {
        return overlaid(tx, defaults(tx), Owner.of(project).key());
    }

    Map<QuotaResource, Long> of(Transaction tx, ProjectId project, UserId user) {
        return overlaid(tx, of(tx, project), Owner.of(project, user).key());
    }

    private Map<QuotaResource, Long> overlaid(Transaction tx, Map<QuotaResource, Long> below, String owner) {
        Map<QuotaResource, Long> limits = new EnumMap<>(below);
        own(tx, owner).forEach((word, limit) -> limits.put(QuotaResource.ofWord(word), limit));
        return limits;
    }

    /** {@return the limits that were set for just this owner} */
    Map<String, Long> own(Transaction tx, String owner) {
        return state.quotaLimits()
                .get(tx, owner)
                .map(entry -> entry.value().limits())
                .orElse(Map.of());
    }

    /** {@return the sum of what users of a project have been given of a resource} */
    long givenToUsers(Transaction tx, ProjectId project, QuotaResource resource, Optional<UserId> except) {
        String own = Owner.of(project).key();
        Optional<String> excepted = except.map(user -> Owner.of(project, user).key());
        return state.quotaLimits().find(tx, "project", project.value()).stream()
                .map(Table.Entry::value)
                .filter(row -> !row.owner().equals(own) && !excepted.equals(Optional.of(row.owner())))
                .mapToLong(row -> Math.max(0, row.limits().getOrDefault(resource.word(), 0L)))
                .reduce(0, Limits::sum);
    }

    /** {@return the sum, or the greatest number where it would be more} */
    private static long sum(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    void set(Transaction tx, String owner, Optional<ProjectId> project, Map<QuotaResource, Long> limits) {
        Map<String, Long> changed = new TreeMap<>(own(tx, owner));
        limits.forEach((resource, limit) -> changed.put(resource.word(), limit));
        QuotaLimitRow row = new QuotaLimitRow(owner, project.map(ProjectId::value), changed);
        state.quotaLimits()
                .get(tx, owner)
                .ifPresentOrElse(
                        entry -> state.quotaLimits().update(tx, entry, row),
                        () -> state.quotaLimits().insert(tx, row));
    }

    void clear(Transaction tx, String owner) {
        state.quotaLimits()
                .get(tx, owner)
                .ifPresent(entry -> state.quotaLimits().delete(tx, entry));
    }

    void clearAll(Transaction tx, ProjectId project) {
        state.quotaLimits()
                .find(tx, "project", project.value())
                .forEach(entry -> state.quotaLimits().delete(tx, entry));
    }

    /** {@return whether a limit leaves room for so much more} */
    static boolean allows(long limit, long used, long more) {
        return limit == Quotas.UNLIMITED || (more <= limit && used <= limit - more);
    }
}
