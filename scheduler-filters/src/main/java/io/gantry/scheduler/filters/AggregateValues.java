package io.gantry.scheduler.filters;

import io.gantry.spi.scheduler.HostView;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What the aggregates of a host say, as Nova reads it: values that commas separate count one by one, stripped. */
final class AggregateValues {
    /** No longer than what a long holds. */
    private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,18}");

    private AggregateValues() {}

    /** {@return the lowest number that aggregates set; another one if none sets one, or one of them is no whole number} */
    static long lowest(HostView host, String key, long otherwise) {
        Set<String> set = host.aggregateMetadata(key);
        long lowest = Long.MAX_VALUE;
        for (String text : set) {
            String limit = text.strip();
            if (!WHOLE.matcher(limit).matches()) {
                return otherwise;
            }
            lowest = Math.min(lowest, Long.parseLong(limit));
        }
        return set.isEmpty() ? otherwise : lowest;
    }

    /** {@return the values under a key, of all aggregates of the host; empty if none has the key} */
    static SortedSet<String> of(HostView host, String key) {
        SortedSet<String> values = new TreeSet<>();
        host.aggregateMetadata(key).forEach(value -> addSplit(values, value));
        return values;
    }

    /** {@return the values under all keys that begin so} */
    static SortedSet<String> underPrefix(HostView host, String prefix) {
        SortedSet<String> values = new TreeSet<>();
        host.aggregates()
                .values()
                .forEach(metadata -> metadata.forEach((key, value) -> {
                    if (key.startsWith(prefix)) {
                        addSplit(values, value);
                    }
                }));
        return values;
    }

    /** {@return the values of one text} */
    static SortedSet<String> split(String value) {
        SortedSet<String> values = new TreeSet<>();
        addSplit(values, value);
        return values;
    }

    private static void addSplit(Set<String> values, String value) {
        for (String part : value.split(",", -1)) {
            values.add(part.strip());
        }
    }
}
