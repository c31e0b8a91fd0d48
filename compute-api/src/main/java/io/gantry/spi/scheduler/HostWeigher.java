package io.gantry.spi.scheduler;

import java.util.Optional;
import java.util.Set;

/**
 * Rates the hosts that passed the filters, if there are two or more. A pure function of its arguments, like
 * {@link HostFilter}. Raw values are normalised to 0..1 over the hosts that are weighed, as {@link #scale} says; the sum over
 * the weighers of multiplier times normalised value decides, highest first. One that throws, or yields no finite number,
 * counts 0 for that host.
 */
public interface HostWeigher {
    /** {@return the name in placement reports, unique within one engine; the simple class name unless overridden} */
    default String name() {
        return getClass().getSimpleName();
    }

    /**
     * Rates one host.
     *
     * @param request what is to be placed
     * @param host the host, live and pending claims included
     * @return the raw value; higher is better (a negative multiplier turns that round)
     */
    double weigh(PlacementRequest request, HostView host);

    /**
     * {@return how it rates many hosts at once; empty unless overridden, and then each host is asked for with {@link #weigh}}
     *
     * @param request what is to be placed
     */
    default Optional<ColumnWeigher> columns(PlacementRequest request) {
        return Optional.empty();
    }

    /** {@return how raw values are normalised; {@link WeightScale#MIN_MAX} unless overridden} */
    default WeightScale scale() {
        return WeightScale.MIN_MAX;
    }

    /**
     * {@return the key under which the metadata of a host's aggregates may give another multiplier for that host, such as
     * {@code ram_weight_multiplier}; none unless overridden}
     *
     * <p>Of several values the least counts. If one of them is no finite number, the configured multiplier stays.
     */
    default Optional<String> multiplierKey() {
        return Optional.empty();
    }

    /**
     * {@return whether a negative multiplier may turn its preference round; true unless overridden} Where it may not, an
     * aggregate that sets one is not heeded.
     */
    default boolean allowsNegativeMultiplier() {
        return true;
    }

    /**
     * {@return the image properties of which it asks {@link HostView#instancesWith}; none unless overridden} Those alone are
     * counted, while the weigher is among the engine's.
     */
    default Set<String> imageProperties() {
        return Set.of();
    }

    /** {@return what it says of itself; nothing unless overridden} */
    default PluginDescription description() {
        return PluginDescription.NONE;
    }
}
