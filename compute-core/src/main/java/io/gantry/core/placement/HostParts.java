package io.gantry.core.placement;

import io.gantry.core.state.ProviderRow;
import io.gantry.host.HostId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Each host's own provider and its parts, in memory. Told of changes by one thread at a time, read by many. */
final class HostParts {
    private final Map<String, String> roots = new HashMap<>();
    private final Map<String, List<ProviderRow>> byRoot = new ConcurrentHashMap<>();

    /** {@return a host's own provider and its parts, by id; none if it is not known} */
    List<ProviderRow> of(HostId host) {
        return byRoot.getOrDefault(host.value(), List.of());
    }

    /** Takes note of a provider as it is now. */
    void put(String id, Optional<ProviderRow> row) {
        Optional<String> root = row.filter(provider -> !provider.isShared()).map(ProviderRow::root);
        Optional<String> before = Optional.ofNullable(root.isPresent() ? roots.put(id, root.get()) : roots.remove(id));
        if (!before.equals(root)) {
            before.ifPresent(left -> change(left, id, Optional.empty()));
        }
        root.ifPresent(now -> change(now, id, row));
    }

    private void change(String root, String id, Optional<ProviderRow> row) {
        List<ProviderRow> before = byRoot.getOrDefault(root, List.of());
        boolean alone = before.stream().allMatch(part -> part.id().equals(id));
        if (alone && row.isPresent()) {
            // Most hosts have no parts, and each claim changes one.
            byRoot.put(root, List.of(row.get()));
            return;
        }
        Map<String, ProviderRow> parts = new TreeMap<>();
        before.forEach(part -> parts.put(part.id(), part));
        row.ifPresentOrElse(part -> parts.put(id, part), () -> parts.remove(id));
        if (parts.isEmpty()) {
            byRoot.remove(root);
        } else {
            byRoot.put(root, List.copyOf(parts.values()));
        }
    }
}
