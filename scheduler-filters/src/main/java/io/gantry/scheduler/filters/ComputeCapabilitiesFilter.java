package io.gantry.scheduler.filters;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.ColumnFilter;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import java.util.Map;
import java.util.Optional;

/**
 * Passes hosts whose attributes are as the flavor's extra specs ask: those under {@code capabilities:}, and those without
 * namespace whose key is the name of an attribute. Others without namespace are ignored, since they may be meant for
 * {@link AggregateInstanceExtraSpecsFilter}; under {@code capabilities:} an attribute that hosts do not have is never as
 * asked. Reads the flavor's extra specs, and of the host the attributes that the guide's page on scheduling lists. No
 * options.
 *
 * <p>Rejects with code {@code CAPABILITY}: needed is the extra spec, free the host's attribute.
 */
public final class ComputeCapabilitiesFilter implements HostFilter {
    private static final String NAMESPACE = "capabilities:";

    /** Creates the filter. */
    public ComputeCapabilitiesFilter() {}

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        for (Map.Entry<String, String> spec : request.flavor().extraSpecs().entrySet()) {
            if (!ExtraSpecMatch.concerns(NAMESPACE, spec.getKey())) {
                continue;
            }
            String name = ExtraSpecMatch.withoutNamespace(NAMESPACE, spec.getKey());
            Optional<String> has = HostAttributes.value(host, name);
            if (has.isEmpty() && !spec.getKey().startsWith(NAMESPACE)) {
                continue;
            }
            if (has.isEmpty() || !ExtraSpecMatch.matches(has.get(), spec.getValue())) {
                return Verdict.reject(
                        "CAPABILITY",
                        name + " " + spec.getValue(),
                        has.map(value -> name + " " + value).orElse("no " + name));
            }
        }
        return Verdict.pass();
    }

    @Override
    public Optional<ColumnFilter> columns(PlacementRequest request) {
        boolean asksNothing = request.flavor().extraSpecs().keySet().stream()
                .noneMatch(key -> ExtraSpecMatch.concerns(NAMESPACE, key));
        return asksNothing ? Optional.of(ColumnFilter.KEEP_ALL) : Optional.empty();
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                        "whose attributes are as the flavor's extra specs ask",
                        "extra specs `capabilities:ATTRIBUTE`, and `ATTRIBUTE` without namespace",
                        "attributes of the host, listed below")
                .rejectingWith("CAPABILITY");
    }
}
