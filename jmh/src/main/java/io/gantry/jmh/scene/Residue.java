package io.gantry.jmh.scene;

import io.gantry.driver.sim.SimFleet;
import io.gantry.driver.sim.SimHost;
import java.util.List;
import java.util.stream.Stream;

/** What hosts have although nobody has an instance. */
public final class Residue {
    private Residue() {}

    public static List<String> of(SimFleet fleet, List<String> hosts) {
        return hosts.stream()
                .filter(fleet.hosts()::contains)
                .map(fleet::host)
                .flatMap(Residue::of)
                .toList();
    }

    private static Stream<String> of(SimHost host) {
        return Stream.concat(
                host.guests().stream().map(guest -> host.name() + " has guest " + guest),
                host.disks().stream().map(disk -> host.name() + " has disk " + disk));
    }
}
