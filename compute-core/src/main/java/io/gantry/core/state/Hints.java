package io.gantry.core.state;

import io.gantry.instance.InstanceId;
import io.gantry.instance.SchedulerHints;
import io.gantry.unit.IpNetwork;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Scheduler hints as they are stored.
 *
 * @param differentHost instances on whose hosts it is not to be
 * @param sameHost instances on the host of one of which it is to be
 * @param near the network that the host's address is to be in
 * @param custom hints for filters of the engine's users
 */
public record Hints(
        Set<InstanceId> differentHost, Set<InstanceId> sameHost, Optional<String> near, Map<String, String> custom) {
    /** Nothing. */
    public static final Hints NONE = of(SchedulerHints.NONE);

    /** {@return hints to be stored} */
    public static Hints of(SchedulerHints hints) {
        return new Hints(
                hints.differentHost(), hints.sameHost(), hints.near().map(IpNetwork::toString), hints.custom());
    }

    /** {@return the hints as filters see them} */
    public SchedulerHints typed() {
        SchedulerHints.Builder hints = SchedulerHints.builder()
                .differentHost(differentHost.toArray(InstanceId[]::new))
                .sameHost(sameHost.toArray(InstanceId[]::new));
        near.ifPresent(hints::near);
        custom.forEach(hints::custom);
        return hints.build();
    }
}
