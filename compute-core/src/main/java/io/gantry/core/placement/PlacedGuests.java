package io.gantry.core.placement;

import io.gantry.core.state.ClaimRow;
import io.gantry.core.state.Table;
import io.gantry.host.HostId;
import io.gantry.spi.store.StoredRow;
import io.gantry.spi.store.Transaction;
import io.gantry.topology.GuestPlacement;
import io.gantry.topology.TopologyUse;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where guests with a topology or devices are on their hosts, in memory: told of changes of claims, and reading those of some
 * hosts anew. Claims of other guests are not looked into. For one thread at a time.
 */
final class PlacedGuests {
    /** From so many hosts on, one question for all claims is cheaper than one for each host. */
    private static final int MANY = 16;

    private final Table<ClaimRow> claims;
    private final Map<String, HostId> hosts = new HashMap<>();
    private final Map<HostId, Map<String, Known>> byHost = new HashMap<>();
    private final Map<HostId, TopologyUse> uses = new HashMap<>();

    private record Known(long version, GuestPlacement placement) {}

    PlacedGuests(Table<ClaimRow> claims) {
        this.claims = claims;
    }

    /** {@return what guests have of a host} */
    TopologyUse on(HostId host) {
        return uses.getOrDefault(host, TopologyUse.NONE);
    }

    /** Takes note of a change of a claim; {@return the host for which it is news} */
    Optional<HostId> put(String key, Optional<StoredRow> row) {
        Optional<HostId> before = Optional.ofNullable(hosts.get(key));
        if (row.isEmpty() || !row.get().attributes().containsKey(ClaimRow.PLACED_ON)) {
            before.ifPresent(host -> remove(host, key));
            return before;
        }
        Known known =
                before.map(host -> byHost.getOrDefault(host, Map.of()).get(key)).orElse(null);
        if (known != null && known.version() > row.get().version()) {
            return Optional.empty();
        }
        Optional<HostId> changed = add(row.get());
        changed.ifPresent(this::sum);
        return changed;
    }

    /** Reads what the store has on some hosts. */
    void read(Transaction tx, Set<HostId> some) {
        if (some.size() > MANY) {
            hosts.clear();
            byHost.clear();
            uses.clear();
            Collection<StoredRow> all = claims.found(tx, ClaimRow.PLACED, ClaimRow.YES);
            all.stream()
                    .flatMap(row -> add(row).stream())
                    .collect(Collectors.toSet())
                    .forEach(this::sum);
            return;
        }
        for (HostId host : some) {
            List.copyOf(byHost.getOrDefault(host, Map.of()).keySet()).forEach(hosts::remove);
            byHost.remove(host);
            claims.found(tx, ClaimRow.PLACED_ON, host.value()).forEach(this::add);
            sum(host);
        }
    }

    /** Adds a claim; {@return its host, if it can be read} */
    private Optional<HostId> add(StoredRow row) {
        Optional<ClaimRow> claim =
                claims.value(row).filter(value -> value.placement().isPresent());
        claim.ifPresent(value -> {
            hosts.put(row.key(), value.host());
            byHost.computeIfAbsent(value.host(), host -> new HashMap<>())
                    .put(row.key(), new Known(row.version(), value.placement().orElseThrow()));
        });
        return claim.map(ClaimRow::host);
    }

    private void remove(HostId host, String key) {
        hosts.remove(key);
        byHost.getOrDefault(host, new HashMap<>()).remove(key);
        sum(host);
    }

    private void sum(HostId host) {
        Map<String, Known> guests = byHost.getOrDefault(host, Map.of());
        if (guests.isEmpty()) {
            byHost.remove(host);
            uses.remove(host);
        } else {
            uses.put(
                    host,
                    TopologyUse.of(
                            guests.values().stream().map(Known::placement).toList()));
        }
    }
}
