package io.gantry.host;

import java.util.List;

/** The availability zones of an engine, which {@link Aggregates} make. Safe for use by many threads. */
public interface Zones {
    /**
     * {@return the zones that an instance can ask for, by name: those of aggregates, and the default zone while a host is
     * in it}
     */
    List<Zone> list();

    /** {@return the name of the zone of the hosts that no aggregate puts in a zone} */
    String defaultZone();
}
