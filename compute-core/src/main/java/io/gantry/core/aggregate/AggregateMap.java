package io.gantry.core.aggregate;

import io.gantry.core.state.AggregateRow;
import io.gantry.core.state.ProviderRow;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Aggregates at one moment. */
public final class AggregateMap {
    private final Map<String, AggregateRow> byName;
    private final String defaultZone;
    private final Map<Set<String>, Map<String, Map<String, String>>> metadata = new ConcurrentHashMap<>();

    AggregateMap(Collection<AggregateRow> aggregates, String defaultZone) {
        this.byName = aggregates.stream().collect(Collectors.toMap(AggregateRow::name, Function.identity()));
        this.defaultZone = defaultZone;
    }

    /** {@return the zones that aggregates make} */
    Set<String> zones() {
        return byName.values().stream()
                .flatMap(row -> row.zone().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** {@return whether there is an aggregate} */
    public boolean contains(String name) {
        return byName.containsKey(name);
    }

    /** {@return the zones into which its aggregates put a host; more than one only if others changed the store} */
    public Set<String> zones(ProviderRow root) {
        return root.aggregates().stream()
                .map(byName::get)
                .filter(Objects::nonNull)
                .flatMap(row -> row.zone().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** {@return the zone of a host} */
    public String zone(ProviderRow root) {
        if (root.aggregates().isEmpty()) {
            return defaultZone;
        }
        return zones(root).stream().findFirst().orElse(defaultZone);
    }

    /** {@return the aggregates of a host, with their metadata; the same object for hosts that are in the same aggregates} */
    public Map<String, Map<String, String>> metadata(ProviderRow root) {
        return root.aggregates().isEmpty()
                ? Map.of()
                : metadata.computeIfAbsent(
                        root.aggregates(),
                        names -> names.stream()
                                .map(byName::get)
                                .filter(Objects::nonNull)
                                .collect(Collectors.toUnmodifiableMap(
                                        AggregateRow::name, row -> Map.copyOf(row.metadata()))));
    }
}
