package io.gantry.scheduler.filters;

import io.gantry.error.InvalidRequest;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Keeps hosts to the images that their aggregates name: each key of the aggregates' metadata that is also a property that the
 * image sets has to have the property's value among its own, which commas separate. Images that do not set the property pass.
 * Reads the image's properties and the aggregates' metadata. Options: a namespace, none by default, which keys have to begin
 * with to count, and what stands between it and the rest, a dot by default. The property's name is the whole key, namespace
 * included.
 *
 * <p>Rejects with code {@code AGGREGATE_IMAGE_PROPERTY}: needed is the image's property, free what the aggregates say.
 */
public final class AggregateImagePropertiesIsolationFilter implements HostFilter {
    private static final String SEPARATOR = ".";

    private final String prefix;

    /** Creates a filter for which all keys count. */
    public AggregateImagePropertiesIsolationFilter() {
        this.prefix = "";
    }

    /**
     * Creates a filter for which the keys count that begin with a namespace and a dot.
     *
     * @param namespace not blank
     * @throws InvalidRequest if it is blank
     */
    public AggregateImagePropertiesIsolationFilter(String namespace) {
        this(namespace, SEPARATOR);
    }

    /**
     * Creates a filter for which the keys count that begin with a namespace and a separator.
     *
     * @param namespace not blank
     * @param separator stands between the namespace and the rest of a key; may be empty
     * @throws InvalidRequest if the namespace is blank
     */
    public AggregateImagePropertiesIsolationFilter(String namespace, String separator) {
        if (namespace.isBlank()) {
            throw new InvalidRequest(
                    "aggregateImagePropertiesIsolationFilter.namespace",
                    namespace,
                    "is blank",
                    "Give a namespace such as 'isolate', or none for all keys");
        }
        this.prefix = namespace + separator;
    }

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        if (host.aggregates().isEmpty()) {
            return Verdict.pass();
        }
        // In order of the keys, so that the same of several reasons is given each time.
        for (Map.Entry<String, String> property : new TreeMap<>(request.image().properties()).entrySet()) {
            Optional<Verdict> rejection = judge(property.getKey(), property.getValue(), host);
            if (rejection.isPresent()) {
                return rejection.get();
            }
        }
        return Verdict.pass();
    }

    private Optional<Verdict> judge(String key, String value, HostView host) {
        if (value.isEmpty() || !key.startsWith(prefix)) {
            return Optional.empty();
        }
        SortedSet<String> allowed = AggregateValues.of(host, key);
        return allowed.isEmpty() || allowed.contains(value)
                ? Optional.empty()
                : Optional.of(Verdict.reject(
                        "AGGREGATE_IMAGE_PROPERTY", key + " " + value, key + " " + String.join(", ", allowed)));
    }

    @Override
    public boolean runsOnRebuild() {
        return true;
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of(
                        "whose aggregates' metadata name the image's value of each property that both have",
                        "image properties",
                        "aggregate metadata of the same keys")
                .option("namespace", "none", "what keys have to begin with to count")
                .option("separator", "`" + SEPARATOR + "`", "what stands between the namespace and the rest of a key")
                .rejectingWith("AGGREGATE_IMAGE_PROPERTY");
    }
}
