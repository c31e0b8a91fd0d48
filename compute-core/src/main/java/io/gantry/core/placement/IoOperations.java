package io.gantry.core.placement;

import io.gantry.core.state.InstanceRow;
import io.gantry.core.state.State;
import io.gantry.host.HostId;
import io.gantry.spi.store.StoredRow;
import io.gantry.spi.store.Transaction;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How many builds, moves, snapshots and the like are in progress on each host. What counts is the task in the instances' rows,
 * so that none is forgotten or counted twice; a move counts on both hosts. For one thread at a time.
 */
final class IoOperations {
    private static final int ENDED = 1024;

    private final State state;
    private final Map<String, Seen> running = new HashMap<>();
    private final Map<HostId, Integer> counts = new HashMap<>();

    /** The last versions that told of an end: an older one may be told of later. */
    private final Map<String, Long> ended = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > ENDED;
        }
    };

    private record Seen(long version, Set<HostId> hosts) {}

    IoOperations(State state) {
        this.state = state;
    }

    /** {@return how many are in progress on a host, as far as this was told} */
    int on(HostId host) {
        return counts.getOrDefault(host, 0);
    }

    /** {@return how many are in progress on each host, as a transaction sees it; hosts without any are left out} */
    static Map<HostId, Integer> counts(State state, Transaction tx) {
        Map<HostId, Integer> counts = new HashMap<>();
        rows(state, tx).forEach(row -> hosts(row).forEach(host -> counts.merge(host, 1, Integer::sum)));
        return counts;
    }

    /** Takes note of a change of an instance's row; {@return the hosts that it concerns} */
    Set<HostId> put(String key, Optional<StoredRow> row) {
        Seen known = running.get(key);
        long version = row.map(StoredRow::version).orElse(Long.MAX_VALUE);
        if ((known != null && known.version() > version) || ended.getOrDefault(key, 0L) > version) {
            return Set.of();
        }
        Set<HostId> hosts = row.map(IoOperations::hosts).orElse(Set.of());
        Set<HostId> before = known == null ? Set.of() : known.hosts();
        if (hosts.isEmpty()) {
            running.remove(key);
            if (known != null) {
                ended.put(key, version);
            }
        } else {
            running.put(key, new Seen(version, hosts));
        }
        return moved(before, hosts);
    }

    /** Reads what the store has; {@return the hosts that have another number now} */
    Set<HostId> compare(Transaction tx) {
        Map<HostId, Integer> before = Map.copyOf(counts);
        running.clear();
        counts.clear();
        rows(state, tx).forEach(row -> put(row.key(), Optional.of(row)));
        Set<HostId> changed = new HashSet<>(before.keySet());
        changed.addAll(counts.keySet());
        changed.removeIf(host -> before.getOrDefault(host, 0).equals(counts.getOrDefault(host, 0)));
        return changed;
    }

    private Set<HostId> moved(Set<HostId> before, Set<HostId> after) {
        if (before.equals(after)) {
            return Set.of();
        }
        before.forEach(host -> counts.merge(host, -1, IoOperations::sum));
        after.forEach(host -> counts.merge(host, 1, IoOperations::sum));
        Set<HostId> changed = new HashSet<>(before);
        changed.addAll(after);
        return changed;
    }

    private static Integer sum(Integer one, Integer other) {
        return one + other;
    }

    private static Iterable<StoredRow> rows(State state, Transaction tx) {
        return tx.find(state.instances().name(), InstanceRow.IO, "true");
    }

    private static Set<HostId> hosts(StoredRow row) {
        Set<HostId> hosts = new HashSet<>();
        if (row.attributes().containsKey(InstanceRow.IO)) {
            for (String attribute : new String[] {InstanceRow.HOST, InstanceRow.MOVE_TO}) {
                Optional.ofNullable(row.attributes().get(attribute))
                        .map(HostId::of)
                        .ifPresent(hosts::add);
            }
        }
        return hosts;
    }
}
