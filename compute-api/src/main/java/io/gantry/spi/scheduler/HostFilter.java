package io.gantry.spi.scheduler;

import io.gantry.placement.Verdict;
import java.util.Optional;

/**
 * Says whether a host may take an instance. A pure function of its arguments: it keeps nothing between calls, reads no
 * store and no clock, and may be called by many threads. One that throws rejects the host with code
 * {@code FILTER_ERROR}; it does not disturb the run.
 */
public interface HostFilter {
    /** {@return the name in placement reports, unique within one engine; the simple class name unless overridden} */
    default String name() {
        return getClass().getSimpleName();
    }

    /**
     * Judges one host.
     *
     * @param request what is to be placed
     * @param host the host, live and pending claims included
     * @return the verdict
     */
    Verdict test(PlacementRequest request, HostView host);

    /**
     * {@return how it judges many hosts at once; empty unless overridden, and then each host is asked for with {@link #test}}
     *
     * <p>Worth overriding for filters that look at columns of {@link HostTable} only, or that a request may ask nothing of.
     *
     * @param request what is to be placed
     */
    default Optional<ColumnFilter> columns(PlacementRequest request) {
        return Optional.empty();
    }

    /**
     * {@return whether it is asked about the host of an instance that is rebuilt there from another image; false unless
     * overridden} For filters whose verdict depends on the image. All others have had their say: the instance keeps its host,
     * its claim and its size. As Nova's {@code RUN_ON_REBUILD}.
     */
    default boolean runsOnRebuild() {
        return false;
    }

    /** {@return what it says of itself; nothing unless overridden} */
    default PluginDescription description() {
        return PluginDescription.NONE;
    }
}
