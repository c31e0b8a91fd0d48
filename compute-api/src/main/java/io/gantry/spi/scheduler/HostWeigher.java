package io.gantry.spi.scheduler;

/**
 * Rates the hosts that passed the filters. A pure function of its arguments, like {@link HostFilter}. Raw values are
 * normalised to 0..1 over the hosts that are weighed: (raw - min) / (max - min), or 0 if all are equal; the sum over the
 * weighers of multiplier times normalised value decides, highest first. One that throws, or yields no finite number,
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
}
