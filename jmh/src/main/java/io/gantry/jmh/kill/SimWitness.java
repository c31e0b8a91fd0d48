package io.gantry.jmh.kill;

import io.gantry.driver.sim.SimFleet;
import io.gantry.instance.InstanceId;
import io.gantry.instance.VmState;
import io.gantry.jmh.remote.RemoteFleet;
import io.gantry.jmh.scene.Residue;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Looks at simulated hosts. */
record SimWitness(SimFleet fleet, RemoteFleet remote, String prefix) implements Witness {
    // These hosts share no storage, so a resized instance is on two of them.
    private static final Set<VmState> WITH_GUEST = Set.copyOf(EnumSet.of(
            VmState.ACTIVE, VmState.PAUSED, VmState.SUSPENDED, VmState.STOPPED, VmState.RESCUED, VmState.SHELVED));

    @Override
    public String[] site() {
        return new String[] {KillNode.SIMULATED, remote.port() + "/" + prefix};
    }

    @Override
    public Set<VmState> withOneGuest() {
        return WITH_GUEST;
    }

    @Override
    public List<Guest> guests(InstanceId id) {
        return fleet.copies(id).stream()
                .map(guest -> new Guest(guest.host().orElse(""), guest.power()))
                .toList();
    }

    @Override
    public void remember(InstanceId id) {}

    @Override
    public List<String> judge(String scene, List<Recorded> instances) {
        return List.of();
    }

    @Override
    public List<String> residue() {
        return Residue.of(
                fleet, IntStream.rangeClosed(1, 3).mapToObj(n -> prefix + n).toList());
    }
}
