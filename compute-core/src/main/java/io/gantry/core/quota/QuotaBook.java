package io.gantry.core.quota;

import io.gantry.core.state.QuotaChargeRow;
import io.gantry.core.state.QuotaCounterRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.error.InvalidRequest;
import io.gantry.identity.ProjectId;
import io.gantry.identity.UserId;
import io.gantry.quota.QuotaExceeded;
import io.gantry.quota.QuotaResource;
import io.gantry.quota.QuotaResource.Scope;
import io.gantry.quota.Quotas;
import io.gantry.spi.store.Transaction;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who is charged how much. Charges and their sums change in the caller's transaction, together with what they are for, so
 * that nobody gets past a limit and nothing is left of who did not.
 *
 * <p>The sum of a project is one row that every create and delete in the project writes; creates of one project follow
 * one another there, as they must for the limit to be exact, and those of different projects do not meet.
 */
public final class QuotaBook {
    private final State state;
    private final Limits limits;

    /**
     * Opens the book of a state.
     *
     * @param configured limits that hold where none were set; those not named are {@link QuotaResource#defaultLimit}
     * @throws InvalidRequest if a limit is less than -1
     */
    public QuotaBook(State state, Map<QuotaResource, Long> configured) {
        ProjectQuotas.requireLimits(configured);
        this.state = state;
        this.limits = new Limits(state, configured);
    }

    /**
     * A difference between a sum and the charges.
     *
     * @param owner whose sum it is
     * @param resource of which resource
     * @param counted what the sum says
     * @param charged what the charges add up to
     */
    public record Drift(String owner, String resource, long counted, long charged) {}

    /** {@return the interface through which limits are read and set} */
    public Quotas quotas() {
        return new ProjectQuotas(state, this, limits);
    }

    /**
     * Sets what a consumer is charged. What it was charged before is replaced: charging twice is charging once, and what
     * it gives back is always accepted, also above a limit.
     *
     * @param consumer what is charged for, such as {@code instance:ID}
     * @param amounts by {@link QuotaResource#word}; a resource not named is charged 0
     * @throws QuotaExceeded if more is charged than before, and a limit of the project or the user forbids that
     */
    public void charge(Transaction tx, String consumer, ProjectId project, UserId user, Map<String, Long> amounts) {
        Map<String, Long> wanted = new TreeMap<>(amounts);
        wanted.forEach(QuotaBook::requireAmount);
        wanted.values().removeIf(amount -> amount == 0);
        Optional<Table.Entry<QuotaChargeRow>> before = state.quotaCharges().get(tx, consumer);
        QuotaChargeRow after = new QuotaChargeRow(consumer, project.value(), user.value(), wanted);
        if (before.map(Table.Entry::value).equals(Optional.of(after))) {
            return;
        }
        Changes changes = new Changes();
        before.ifPresent(entry -> changes.add(entry.value(), -1));
        changes.add(after, 1);
        changes.requireWithin(tx, project, user);
        changes.write(tx);
        before.ifPresentOrElse(
                entry -> state.quotaCharges().update(tx, entry, after),
                () -> state.quotaCharges().insert(tx, after));
    }

    /** Ends a consumer's charge; does nothing if it has none. */
    public void release(Transaction tx, String consumer) {
        state.quotaCharges().get(tx, consumer).ifPresent(entry -> {
            Changes changes = new Changes();
            changes.add(entry.value(), -1);
            changes.write(tx);
            state.quotaCharges().delete(tx, entry);
        });
    }

    /** {@return what a consumer is charged; empty if it has no charge} */
    public Optional<Map<String, Long>> charged(Transaction tx, String consumer) {
        return state.quotaCharges().get(tx, consumer).map(entry -> entry.value().amounts());
    }

    /**
     * Tests whether so much more is within the limits; charges nothing. What is limited per request is compared as it is,
     * what is added up is compared together with what is held.
     *
     * @param amounts by {@link QuotaResource#word}
     * @throws QuotaExceeded if it is not
     */
    public void check(Transaction tx, ProjectId project, UserId user, Map<String, Long> amounts) {
        amounts.forEach(QuotaBook::requireAmount);
        Changes changes = new Changes();
        changes.add(new QuotaChargeRow("", project.value(), user.value(), amounts), 1);
        changes.requireWithin(tx, project, user);
        Map<QuotaResource, Long> own = limits.of(tx, project, user);
        new TreeMap<>(amounts).forEach((word, amount) -> {
            QuotaResource resource = QuotaResource.ofWord(word);
            long limit = own.getOrDefault(resource, 0L);
            if (resource.scope() == Scope.REQUEST && !Limits.allows(limit, 0, amount)) {
                throw new QuotaExceeded(project.ref(), word, limit, 0, amount);
            }
        });
    }

    /**
     * {@return how many of equal charges fit, up to a number}
     *
     * @param each what one of them is charged, by {@link QuotaResource#word}
     * @param most the number, 0 or more
     */
    public long howManyFit(Transaction tx, ProjectId project, UserId user, Map<String, Long> each, long most) {
        Changes one = new Changes();
        one.add(new QuotaChargeRow("", project.value(), user.value(), each), 1);
        long fit = most;
        for (Bound bound : one.bounds(tx, project, user)) {
            if (bound.limit() != Quotas.UNLIMITED && bound.more() > 0) {
                fit = Math.min(fit, Math.max(0, bound.limit() - bound.used()) / bound.more());
            }
        }
        return fit;
    }

    /** {@return what a project holds} */
    Map<QuotaResource, Long> usage(Transaction tx, ProjectId project) {
        return typed(used(tx, Owner.of(project).key()), Scope.PROJECT);
    }

    /** {@return what a user holds in a project, and in all} */
    Map<QuotaResource, Long> usage(Transaction tx, ProjectId project, UserId user) {
        Map<QuotaResource, Long> usage = typed(used(tx, Owner.of(project, user).key()), Scope.PROJECT);
        usage.putAll(typed(used(tx, Owner.of(user).key()), Scope.USER));
        return usage;
    }

    private static Map<QuotaResource, Long> typed(Map<String, Long> used, Scope scope) {
        Map<QuotaResource, Long> typed = new EnumMap<>(QuotaResource.class);
        for (QuotaResource resource : QuotaResource.values()) {
            if (resource.scope() == scope) {
                typed.put(resource, used.getOrDefault(resource.word(), 0L));
            }
        }
        return typed;
    }

    private Map<String, Long> used(Transaction tx, String owner) {
        return state.quotaCounters()
                .get(tx, owner)
                .map(entry -> entry.value().used())
                .orElse(Map.of());
    }

    /**
     * {@return all differences between the sums and the charges; none, unless the store was changed by others}
     *
     * @param repair whether to make the sums what the charges add up to
     */
    public List<Drift> recount(Transaction tx, boolean repair) {
        Changes sums = new Changes();
        state.quotaCharges().all(tx).forEach(entry -> sums.add(entry.value(), 1));
        TreeSet<String> owners = new TreeSet<>(sums.byOwner.keySet());
        state.quotaCounters().all(tx).forEach(entry -> owners.add(entry.value().owner()));
        List<Drift> drifts = new ArrayList<>();
        for (String owner : owners) {
            Map<String, Long> counted = used(tx, owner);
            Map<String, Long> charged = sums.byOwner.getOrDefault(owner, Map.of());
            TreeSet<String> resources = new TreeSet<>(counted.keySet());
            resources.addAll(charged.keySet());
            int before = drifts.size();
            for (String resource : resources) {
                long sum = counted.getOrDefault(resource, 0L);
                long truth = charged.getOrDefault(resource, 0L);
                if (sum != truth) {
                    drifts.add(new Drift(owner, resource, sum, truth));
                }
            }
            if (repair && drifts.size() > before) {
                writeCounter(tx, owner, charged);
            }
        }
        return drifts;
    }

    /** Writes a sum. It stays when it comes to nothing, so that its version tells all changes apart. */
    private void writeCounter(Transaction tx, String owner, Map<String, Long> used) {
        QuotaCounterRow row = new QuotaCounterRow(owner, used);
        Optional<Table.Entry<QuotaCounterRow>> entry = state.quotaCounters().get(tx, owner);
        if (entry.isEmpty()) {
            state.quotaCounters().insert(tx, row);
        } else {
            state.quotaCounters().update(tx, entry.get(), row);
        }
    }

    private static void requireAmount(String word, long amount) {
        QuotaResource.ofWord(word);
        if (amount < 0) {
            throw new IllegalArgumentException("Negative amount of " + word + ": " + amount);
        }
    }

    /** One sum, its limit, and what is to be added. */
    private record Bound(Owner owner, String resource, long limit, long used, long more) {}

    /** What changes in the sums. */
    private final class Changes {
        private final Map<String, Map<String, Long>> byOwner = new TreeMap<>();

        void add(QuotaChargeRow charge, int sign) {
            ProjectId project = ProjectId.of(charge.project());
            UserId user = UserId.of(charge.user());
            charge.amounts().forEach((word, amount) -> {
                switch (QuotaResource.ofWord(word).scope()) {
                    case PROJECT -> {
                        add(Owner.of(project), word, sign * amount);
                        add(Owner.of(project, user), word, sign * amount);
                    }
                    case USER -> add(Owner.of(user), word, sign * amount);
                    case REQUEST -> {}
                }
            });
        }

        private void add(Owner owner, String word, long amount) {
            byOwner.computeIfAbsent(owner.key(), key -> new TreeMap<>()).merge(word, amount, Changes::plus);
        }

        private static Long plus(Long a, Long b) {
            return Math.addExact(a, b);
        }

        List<Bound> bounds(Transaction tx, ProjectId project, UserId user) {
            Map<QuotaResource, Long> ofProject = limits.of(tx, project);
            Map<QuotaResource, Long> ofUser = limits.of(tx, project, user);
            Map<Owner, Map<QuotaResource, Long>> byLimits = new LinkedHashMap<>();
            byLimits.put(Owner.of(project), ofProject);
            byLimits.put(Owner.of(project, user), ofUser);
            byLimits.put(Owner.of(user), ofUser);
            List<Bound> bounds = new ArrayList<>();
            byLimits.forEach((owner, limit) -> {
                Map<String, Long> used = used(tx, owner.key());
                byOwner.getOrDefault(owner.key(), Map.of())
                        .forEach((word, more) -> bounds.add(new Bound(
                                owner,
                                word,
                                limit.getOrDefault(QuotaResource.ofWord(word), 0L),
                                used.getOrDefault(word, 0L),
                                more)));
            });
            return bounds;
        }

        void requireWithin(Transaction tx, ProjectId project, UserId user) {
            for (Bound bound : bounds(tx, project, user)) {
                if (bound.more() > 0 && !Limits.allows(bound.limit(), bound.used(), bound.more())) {
                    throw new QuotaExceeded(
                            bound.owner().ref(), bound.resource(), bound.limit(), bound.used(), bound.more());
                }
            }
        }

        void write(Transaction tx) {
            byOwner.forEach((owner, deltas) -> {
                Map<String, Long> used = new HashMap<>(used(tx, owner));
                deltas.forEach((word, delta) -> used.merge(word, delta, Changes::plus));
                used.values().removeIf(amount -> amount == 0);
                if (deltas.values().stream().anyMatch(delta -> delta != 0)) {
                    writeCounter(tx, owner, used);
                }
            });
        }
    }
}
