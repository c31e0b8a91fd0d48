package io.gantry.maintenance;

import io.gantry.host.HostId;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How loaded the hosts are that can take instances. A host's load is the mean of its claimed shares of vCPUs and memory,
 * after over-commitment: 0 for an empty host, 1 for a full one. Immutable.
 *
 * @param loads each host's load
 */
public record FleetLoad(Map<HostId, Double> loads) {
    /** Below this a host is empty. */
    private static final double NOTHING = 1e-9;

    /**
     * Copies the map.
     *
     * @param loads see the record
     */
    public FleetLoad {
        loads = Collections.unmodifiableMap(new TreeMap<>(loads));
    }

    /** {@return the mean load; 0 without hosts} */
    public double mean() {
        return loads.values().stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(0);
    }

    /** {@return the standard deviation of the loads: 0 if all are alike} */
    public double imbalance() {
        double mean = mean();
        return Math.sqrt(loads.values().stream()
                .mapToDouble(load -> (load - mean) * (load - mean))
                .average()
                .orElse(0));
    }

    /** {@return the share of hosts that have any instances, from 0 to 1} */
    public double inUse() {
        return loads.values().stream()
                .mapToDouble(load -> load > NOTHING ? 1 : 0)
                .average()
                .orElse(0);
    }

    /** {@return one line: mean, imbalance and share of hosts in use} */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d hosts, mean load %.3f, imbalance %.4f, %.0f%% in use",
                loads.size(),
                mean(),
                imbalance(),
                100 * inUse());
    }
}
