package io.gantry.driver.sim;

import io.gantry.error.NotFound;
import io.gantry.host.HostUsage;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.GuestDisk;
import io.gantry.spi.driver.GuestState;
import io.gantry.topology.GuestLayout;
import io.gantry.topology.HostTopology;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** One host of a {@link SimFleet}, seen from the machine room: past its daemon, whatever state that is in. */
public final class SimHost {
    private final HostNode node;
    private final SimClock clock;

    SimHost(HostNode node, SimClock clock) {
        this.node = node;
        this.clock = clock;
    }

    /** {@return the name in the host's URI} */
    public String name() {
        return node.name();
    }

    /** {@return the guests as they are} */
    public List<GuestState> guests() {
        return node.states();
    }

    /**
     * {@return a guest that is here}
     *
     * @param id the guest
     * @throws NotFound if it is not here
     */
    public SimGuest guest(InstanceId id) {
        return Optional.ofNullable(node.find(id))
                .map(SimGuest::new)
                .filter(guest -> guest.host().equals(Optional.of(name())))
                .orElseThrow(() -> new NotFound(id.ref(), "List the guests of host " + name()));
    }

    /** {@return the disks on the host's storage, as {@link io.gantry.spi.driver.GuestDisks#list} tells them} */
    public List<GuestDisk> disks() {
        return node.listDisks();
    }

    /** {@return what the guests that are here were promised, whether they are on or off} */
    public HostUsage committed() {
        int instances = 0;
        int vcpus = 0;
        long memory = 0;
        long disk = 0;
        for (Guest guest : node.candidates()) {
            if (new SimGuest(guest).host().equals(Optional.of(name()))) {
                instances++;
                vcpus += guest.spec().flavor().vcpus();
                memory += guest.spec().flavor().memory().bytes();
                disk += guest.spec().rootDisk().bytes();
            }
        }
        return new HostUsage(instances, vcpus, new MemorySize(memory), new DiskSize(disk));
    }

    /** {@return how each guest is laid out that is here or is to come} */
    public Map<InstanceId, GuestLayout> layouts() {
        return node.occupancy().layouts();
    }

    /** {@return how often a layout was refused, since CPUs, pages or devices were not there or another guest's} */
    public int layoutRefusals() {
        return node.occupancy().refusals();
    }

    /**
     * Lets the host have other NUMA cells and PCI devices from now on, as after CPUs were put offline or a device was pulled;
     * guests stay as they are.
     *
     * @param topology what it has, without dedicated CPUs
     */
    public void topology(HostTopology topology) {
        node.occupancy().topology(topology);
    }

    /**
     * Lets the next calls of a kind fail before they have an effect.
     *
     * @param call the kind of call
     * @param times how many of them, 1 or more
     * @param failure makes what they throw
     */
    public void failNext(SimCall call, int times, Supplier<? extends RuntimeException> failure) {
        node.gate().faults().add(call, times, new Faults.Refuse(failure));
    }

    /**
     * Lets the next guests that are made here fail once their root disk is there, which is left behind, as by a daemon
     * that dies in the midst of it.
     *
     * @param times how many of them, 1 or more
     * @param failure makes what {@link SimCall#CREATE} and {@link SimCall#CREATE_FROM_DISK} throw
     */
    public void failAfterDisk(int times, Supplier<? extends RuntimeException> failure) {
        node.gate().faults().addAfterDisk(times, failure);
    }

    /**
     * Lets the next calls of a kind have their effect and lose their answer: they end in
     * {@link io.gantry.error.OutcomeUnknown}.
     *
     * @param call the kind of call
     * @param times how many of them, 1 or more
     */
    public void loseAnswers(SimCall call, int times) {
        node.gate().faults().add(call, times, new Faults.LoseAnswer());
    }

    /**
     * Lets the next call of a kind hang, before it has an effect, until it is released or its deadline ends.
     *
     * @param call the kind of call
     * @return releases it
     */
    public SimHold holdNext(SimCall call) {
        SimHold hold = new SimHold(clock);
        node.gate().faults().add(call, 1, new Faults.Hang(hold));
        return hold;
    }

    /** Forgets the faults that were ordered and have not happened. */
    public void clearFaults() {
        node.gate().faults().clear();
    }

    /**
     * Sets how long each call to this host takes from now on.
     *
     * @param latency zero or more
     */
    public void latency(Duration latency) {
        node.gate().latency(latency);
    }

    /** Cuts the network: calls end in {@link io.gantry.error.HostUnreachable}, migrations fail, guests run on. */
    public void disconnect() {
        node.gate().network(false);
    }

    /** Mends what {@link #disconnect} did. */
    public void reconnect() {
        node.gate().network(true);
    }

    /** Lets the daemon hang: calls go without an answer until their deadline ends; guests and migrations run on. */
    public void hang() {
        node.gate().hang();
    }

    /** Mends what {@link #hang} did; calls that still wait go on. */
    public void unhang() {
        node.gate().unhang();
    }

    /** Cuts the power: guests that are on crash, migrations fail, what was prepared for others' guests is gone. */
    public void powerFail() {
        node.powerFail();
    }

    /** Gives power again; guests stay off. */
    public void powerOn() {
        node.gate().power(true);
    }
}
