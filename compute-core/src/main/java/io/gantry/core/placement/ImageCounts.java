package io.gantry.core.placement;

import io.gantry.core.state.InstanceRow;
import io.gantry.core.state.State;
import io.gantry.host.HostId;
import io.gantry.spi.store.StoredRow;
import io.gantry.spi.store.Transaction;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many instances on each host have an image with the same property, for those properties of which a weigher asks; without
 * any, instances are not looked into. Told of changes by one thread at a time, read by many.
 */
final class ImageCounts {
    private final Set<String> properties;
    private final TableCopy<Placed> instances;
    private final Map<String, Placed> counted = new HashMap<>();
    private final Map<HostId, Map<String, Map<String, Integer>>> counts = new ConcurrentHashMap<>();

    private record Placed(Optional<HostId> host, Map<String, String> properties) {}

    ImageCounts(State state, Set<String> properties) {
        this.properties = Set.copyOf(properties);
        this.instances = new TableCopy<>(
                state.instances(), row -> state.instances().value(row).map(this::placed));
    }

    private Placed placed(InstanceRow row) {
        Map<String, String> asked = new HashMap<>(row.boot().image().properties());
        asked.keySet().retainAll(properties);
        return new Placed(row.instance().host(), Map.copyOf(asked));
    }

    /** {@return how many instances on a host have an image with a property, by property and value} */
    Map<String, Map<String, Integer>> on(HostId host) {
        return counts.getOrDefault(host, Map.of());
    }

    /** Takes note of a change of an instance's row; {@return the hosts that it concerns} */
    Set<HostId> put(String key, Optional<StoredRow> row) {
        return !properties.isEmpty() && instances.put(key, row) ? count(key) : Set.of();
    }

    /** Reads what the store has; {@return the hosts that have other numbers now} */
    Set<HostId> compare(Transaction tx) {
        Set<HostId> changed = new HashSet<>();
        if (!properties.isEmpty()) {
            instances.compare(tx).forEach(key -> changed.addAll(count(key)));
        }
        return changed;
    }

    private Set<HostId> count(String key) {
        Optional<Placed> now =
                instances.get(key).filter(placed -> !placed.properties().isEmpty());
        Optional<Placed> before =
                Optional.ofNullable(now.isPresent() ? counted.put(key, now.get()) : counted.remove(key));
        if (now.equals(before)) {
            return Set.of();
        }
        Set<HostId> changed = new HashSet<>();
        before.ifPresent(placed -> add(placed, -1, changed));
        now.ifPresent(placed -> add(placed, 1, changed));
        return changed;
    }

    private void add(Placed placed, int sign, Set<HostId> changed) {
        placed.host().ifPresent(host -> {
            changed.add(host);
            Map<String, Map<String, Integer>> sums = new HashMap<>(on(host));
            placed.properties().forEach((property, value) -> {
                Map<String, Integer> byValue = new HashMap<>(sums.getOrDefault(property, Map.of()));
                byValue.merge(value, sign, Integer::sum);
                byValue.values().removeIf(count -> count == 0);
                sums.put(property, Map.copyOf(byValue));
            });
            sums.values().removeIf(Map::isEmpty);
            if (sums.isEmpty()) {
                counts.remove(host);
            } else {
                counts.put(host, Map.copyOf(sums));
            }
        });
    }
}
