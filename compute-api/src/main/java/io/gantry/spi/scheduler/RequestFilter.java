package io.gantry.spi.scheduler;

import io.gantry.error.ComputeException;
import java.util.Map;

/**
 * Edits a request before any host is looked at: what Nova calls a pre-filter. A pure function of its arguments, which may be
 * called by many threads and several times for one placement. It adds to what is asked for, such as traits and aggregates, and
 * leaves instance and project as they are. Not asked about hosts that are forced.
 */
@FunctionalInterface
public interface RequestFilter {
    /** {@return the name, unique within one engine; the simple class name unless overridden} */
    default String name() {
        return getClass().getSimpleName();
    }

    /**
     * {@return the request as it is to be placed}
     *
     * @param request the request, as earlier request filters left it
     * @param aggregates the metadata of all host aggregates, by name
     * @throws ComputeException if it is not to be placed at all; the verb fails with it
     */
    PlacementRequest apply(PlacementRequest request, Map<String, Map<String, String>> aggregates);

    /** {@return what it says of itself; nothing unless overridden} */
    default PluginDescription description() {
        return PluginDescription.NONE;
    }
}
