package io.gantry.scheduler.filters;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import java.util.Map;
import java.util.SortedSet;

/**
 * Passes hosts whose aggregates say what the flavor's extra specs ask: those under {@code aggregate_instance_extra_specs:}, and
 * all those without namespace. Each has to be a key of the aggregates' metadata, and one of its values, which commas
 * separate, has to be as asked. Reads the flavor's extra specs and the aggregates' metadata. No options.
 *
 * <p>Without namespace a key is asked of {@link ComputeCapabilitiesFilter} as well if hosts have an attribute of that name;
 * the namespace keeps them apart.
 *
 * <p>Rejects with code {@code AGGREGATE_EXTRA_SPEC}: needed is the extra spec, free what the aggregates say.
 */
public final class AggregateInstanceExtraSpecsFilter implements HostFilter {
    private static final String NAMESPACE = "aggregate_instance_extra_specs:";

    /** Creates the filter. */
    public AggregateInstanceExtraSpecsFilter() {}

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        for (Map.Entry<String, String> spec : request.flavor().extraSpecs().entrySet()) {
            if (!ExtraSpecMatch.concerns(NAMESPACE, spec.getKey())) {
                continue;
            }
            String key = ExtraSpecMatch.withoutNamespace(NAMESPACE, spec.getKey());
            SortedSet<String> values = AggregateValues.of(host, key);
            if (values.stream().noneMatch(value -> ExtraSpecMatch.matches(value, spec.getValue()))) {
                return Verdict.reject(
                        "AGGREGATE_EXTRA_SPEC",
                        key + " " + spec.getValue(),
                        values.isEmpty() ? "no " + key : key + " " + String.join(", ", values));
            }
        }
        return Verdict.pass();
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                        "whose aggregates say what the flavor's extra specs ask",
                        "extra specs `aggregate_instance_extra_specs:KEY`, and `KEY` without namespace",
                        "aggregate metadata `KEY`")
                .rejectingWith("AGGREGATE_EXTRA_SPEC");
    }
}
