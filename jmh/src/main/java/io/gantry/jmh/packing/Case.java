package io.gantry.jmh.packing;

import io.gantry.flavor.Flavor;
import io.gantry.spi.scheduler.HostView;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * A fleet, and what is asked of it, in this order.
 *
 * @param hosts empty hosts
 * @param requests what is to be placed
 * @param optimum finds how many of the requests, from the first one on, fit at all
 */
record Case(List<HostView> hosts, List<Flavor> requests, IntSupplier optimum) {
    Case {
        hosts = List.copyOf(hosts);
        requests = List.copyOf(requests);
    }
}
