package io.gantry.jmh.kill;

import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.instance.VmState;
import java.util.List;
import java.util.Set;

/** Looks at the three hosts of a control node past that node and its driver. */
interface Witness {
    /** {@return what {@link KillNode} is told to reach the hosts: the kind of site, and where it is} */
    String[] site();

    /** {@return the states in which an instance has exactly one guest on these hosts} */
    Set<VmState> withOneGuest();

    /** {@return all guests of an instance, wherever they are} */
    List<Guest> guests(InstanceId id);

    /** Remembers how an instance's guest and disk are before its verb is asked for. */
    void remember(InstanceId id);

    /**
     * {@return what is wrong with what instances have on the hosts, beyond the number and place of their guests}
     *
     * @param scene what was done
     * @param instances all that there are
     */
    List<String> judge(String scene, List<Recorded> instances);

    /** {@return what is on the hosts although there is no instance} */
    List<String> residue();

    /**
     * A guest.
     *
     * @param host where it is
     * @param power its power state
     */
    record Guest(String host, PowerState power) {}

    /**
     * An instance as it is recorded.
     *
     * @param host empty if it is on none
     */
    record Recorded(InstanceId id, VmState state, PowerState power, String host) {}
}
