package io.gantry.core.placement;

import io.gantry.core.state.ProviderRow;
import io.gantry.placement.ResourceClass;
import io.gantry.placement.Verdict;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Decides which provider gives what. Groups are few and hosts have a few dozen parts, so that trying all assignments, in
 * the order of the providers' ids, is cheap enough.
 */
final class Allotment {
    private final Demand demand;
    private final List<ProviderRow> members;
    private final Map<String, ProviderRow> byId;
    private final Function<String, Map<String, Long>> held;
    private final Map<String, Map<String, Long>> wanted;
    private final Deque<ProviderRow> chosen = new ArrayDeque<>();
    private int deepest;

    private Allotment(
            Demand demand,
            List<ProviderRow> members,
            Function<String, Map<String, Long>> held,
            Map<String, Map<String, Long>> wanted) {
        this.demand = demand;
        this.members = members;
        this.byId = members.stream().collect(Collectors.toMap(ProviderRow::id, Function.identity()));
        this.held = held;
        this.wanted = wanted;
    }

    /**
     * Adds to what is wanted of each provider.
     *
     * @param held what the consumer holds of a provider
     * @param wanted what it is to hold of each; changed
     * @return why the groups cannot be served; empty if they can
     */
    static Optional<Verdict> groups(
            Demand demand,
            HostTree tree,
            Function<String, Map<String, Long>> held,
            Map<String, Map<String, Long>> wanted) {
        return demand.groups().isEmpty() ? Optional.empty() : groups(demand, tree.members(), held, wanted);
    }

    /** {@return why the groups of a demand cannot be served by a host's own provider and its parts; empty if they can} */
    static Optional<Verdict> groups(Demand demand, List<ProviderRow> members) {
        return groups(demand, members, provider -> Map.of(), new HashMap<>());
    }

    private static Optional<Verdict> groups(
            Demand demand,
            List<ProviderRow> members,
            Function<String, Map<String, Long>> held,
            Map<String, Map<String, Long>> wanted) {
        Allotment allotment = new Allotment(demand, members, held, wanted);
        return allotment.assign(0) ? Optional.empty() : Optional.of(allotment.failure());
    }

    /** {@return what is wanted of each provider for the need itself: of the host, or of the roomiest pool} */
    static Map<String, Map<String, Long>> need(Need need, HostTree tree, Collection<String> holding) {
        Map<String, Map<String, Long>> wanted = new HashMap<>();
        wanted.put(tree.root().id(), Amounts.none());
        List<ProviderRow> pools = tree.pools();
        List<ProviderRow> kept =
                pools.stream().filter(pool -> holding.contains(pool.id())).toList();
        Amounts.of(need).forEach((resource, amount) -> {
            String provider = HostTree.roomiest(kept, resource)
                    .or(() -> HostTree.roomiest(pools, resource))
                    .orElse(tree.root())
                    .id();
            wanted.computeIfAbsent(provider, id -> Amounts.none()).put(resource, amount);
        });
        return wanted;
    }

    private boolean assign(int group) {
        deepest = Math.max(deepest, group);
        if (group == demand.groups().size()) {
            return !demand.sameSubtree() || haveOneRoot();
        }
        Demand.Group asked = demand.groups().get(group);
        for (ProviderRow provider : members) {
            if (!hasTraits(provider, asked) || (demand.isolate() && asked.apart() && isTaken(provider))) {
                continue;
            }
            Map<String, Long> before = wanted.getOrDefault(provider.id(), Amounts.none());
            Map<String, Long> after = Amounts.plus(before, Amounts.of(asked.amounts()), 1);
            if (Room.lack(provider, held.apply(provider.id()), after).isPresent()) {
                continue;
            }
            wanted.put(provider.id(), after);
            chosen.push(provider);
            if (assign(group + 1)) {
                return true;
            }
            chosen.pop();
            wanted.put(provider.id(), before);
        }
        return false;
    }

    /** {@return whether a group that needs a provider of its own has this one} */
    private boolean isTaken(ProviderRow provider) {
        int group = chosen.size();
        for (ProviderRow taken : chosen) {
            group--;
            if (demand.groups().get(group).apart() && taken.equals(provider)) {
                return true;
            }
        }
        return false;
    }

    private boolean haveOneRoot() {
        return chosen.stream().anyMatch(top -> chosen.stream().allMatch(other -> contains(top, other)));
    }

    private boolean contains(ProviderRow top, ProviderRow other) {
        Optional<ProviderRow> at = Optional.of(other);
        while (at.isPresent()) {
            if (at.get().id().equals(top.id())) {
                return true;
            }
            at = at.get().parent().map(byId::get);
        }
        return false;
    }

    private Verdict failure() {
        if (deepest == demand.groups().size()) {
            return Verdict.reject("SAME_SUBTREE", "all groups within one part of the host", "no part has room for all");
        }
        Demand.Group group = demand.groups().get(deepest);
        String code = group.amounts().keySet().stream()
                .sorted()
                .findFirst()
                .map(ResourceClass::name)
                .orElse("TRAITS");
        String amounts = group.amounts().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> Amounts.words(entry.getKey().name(), entry.getValue()))
                .collect(Collectors.joining(", "));
        String traits = group.required().isEmpty()
                ? ""
                : " with "
                        + String.join(", ", group.required().stream().sorted().toList());
        return Verdict.reject(
                code,
                amounts + traits,
                group.amounts().isEmpty()
                        ? "no part of the host that is so"
                        : most(group) + " in one part of the host");
    }

    /** {@return how much of each class any one part has at most that has the traits} */
    private String most(Demand.Group group) {
        return group.amounts().keySet().stream()
                .sorted()
                .map(ResourceClass::name)
                .map(resource -> Amounts.words(
                        resource,
                        members.stream()
                                .filter(provider -> hasTraits(provider, group))
                                .mapToLong(provider -> provider.capacity(resource) - provider.usedOf(resource))
                                .max()
                                .stream()
                                .map(free -> Math.max(0, free))
                                .findFirst()
                                .orElse(0)))
                .collect(Collectors.joining(", "));
    }

    private static boolean hasTraits(ProviderRow provider, Demand.Group group) {
        return provider.traits().containsAll(group.required())
                && group.forbidden().stream().noneMatch(provider.traits()::contains);
    }
}
