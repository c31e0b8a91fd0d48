package com.example.query;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.ColumnFilter;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import java.util.Optional;

/**
 * Passes hosts for which the query holds that the owner sends as hint {@code query}. Rejects with code {@code QUERY}, and all
 * hosts with {@code QUERY_MALFORMED} if the hint is none.
 *
 * <p>{@code $free_ram_mb}, {@code $free_disk_mb}, {@code $free_vcpus}, {@code $vcpus_total}, {@code $num_instances}, {@code
 * $num_io_ops}, {@code $hypervisor_type}, {@code $hypervisor_hostname}, {@code $architecture} and {@code $zone} are what the
 * host has; {@code $aggregate.KEY} is what its aggregates say under a key, if they say one thing.
 */
public final class JsonFilter implements HostFilter {
    private static final String HINT = "query";
    private static final String AGGREGATE = "aggregate.";
    private static final double MIB = 1 << 20;

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        String query = request.hints().custom().get(HINT);
        if (query == null) {
            return Verdict.pass();
        }
        try {
            return Query.parse(query).test(name -> attribute(host, name))
                    ? Verdict.pass()
                    : Verdict.reject("QUERY", query, "a host for which it does not hold");
        } catch (Query.Malformed e) {
            return Verdict.reject("QUERY_MALFORMED", "a query as hint '" + HINT + "'", query + ", which " + e.getMessage());
        }
    }

    /** Says that requests without a query pass everywhere, so that no host is looked at for them. */
    @Override
    public Optional<ColumnFilter> columns(PlacementRequest request) {
        return request.hints().custom().containsKey(HINT) ? Optional.empty() : Optional.of(ColumnFilter.KEEP_ALL);
    }

    private static Object attribute(HostView host, String name) {
        if (name.startsWith(AGGREGATE)) {
            var values = host.aggregateMetadata(name.substring(AGGREGATE.length()));
            return values.size() == 1 ? values.iterator().next() : null;
        }
        return switch (name) {
            case "free_ram_mb" -> host.freeMemory() / MIB;
            case "free_disk_mb" -> host.freeDisk() / MIB;
            case "free_vcpus" -> (double) host.freeVcpus();
            case "vcpus_total" -> (double) host.inventory().vcpus();
            case "num_instances" -> (double) host.usage().instances();
            case "num_io_ops" -> (double) host.ioOps();
            case "hypervisor_type" -> host.inventory().hypervisorType();
            case "hypervisor_hostname" -> host.inventory().hostname();
            case "architecture" -> host.inventory().architecture();
            case "zone" -> host.zone();
            default -> null;
        };
    }
}
