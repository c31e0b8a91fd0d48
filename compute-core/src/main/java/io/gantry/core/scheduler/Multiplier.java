package io.gantry.core.scheduler;

import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.WeightedWeigher;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a weigher's say on one host is: the configured one, unless the host's aggregates set another. */
final class Multiplier {
    private static final Logger LOG = LoggerFactory.getLogger(Multiplier.class);

    /** Without what Java takes for a number besides: hexadecimal ones, and those with the letter of a type. */
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?([0-9]++(\\.[0-9]*+)?+|\\.[0-9]++)([eE][+-]?[0-9]++)?+");

    private Multiplier() {}

    /** {@return the least of what the aggregates set; the configured one if they set none, or one that may not be} */
    static double of(WeightedWeigher weighted, HostView host) {
        Optional<String> key = weighted.weigher().multiplierKey();
        if (key.isEmpty() || host.aggregates().isEmpty()) {
            return weighted.multiplier();
        }
        Set<String> values = host.aggregateMetadata(key.get());
        double least = Double.POSITIVE_INFINITY;
        for (String value : values) {
            double multiplier = parse(value);
            if (!Double.isFinite(multiplier)) {
                LOG.warn("An aggregate of host {} sets {} to '{}', which is no number", host.id(), key.get(), value);
                return weighted.multiplier();
            }
            least = Math.min(least, multiplier);
        }
        if (least < 0 && !weighted.weigher().allowsNegativeMultiplier()) {
            LOG.warn("An aggregate of host {} sets {} to {}, which may not be negative", host.id(), key.get(), least);
            return weighted.multiplier();
        }
        return values.isEmpty() ? weighted.multiplier() : least;
    }

    private static double parse(String text) {
        String number = text.strip();
        return NUMBER.matcher(number).matches() ? Double.parseDouble(number) : Double.NaN;
    }
}
