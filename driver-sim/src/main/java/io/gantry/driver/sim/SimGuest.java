package io.gantry.driver.sim;

import io.gantry.error.InvalidRequest;
import io.gantry.error.InvalidState;
import io.gantry.error.NotFound;
import io.gantry.flavor.Flavor;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.spi.driver.ConfigDrive;
import io.gantry.unit.Bandwidth;
import io.gantry.unit.MemorySize;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** One guest of a {@link SimFleet}, seen from the inside: what it does by itself. Follows it from host to host. */
public final class SimGuest {
    private final Guest guest;

    SimGuest(Guest guest) {
        this.guest = guest;
    }

    /** {@return the guest's id} */
    public InstanceId id() {
        return guest.id();
    }

    /** {@return the name of the host that it is on at this instant; empty if it was deleted} */
    public Optional<String> host() {
        return locked(() -> Optional.ofNullable(guest.owner()).map(HostNode::name));
    }

    /** {@return its power state at this instant} */
    public PowerState power() {
        return locked(() -> guest.state().power());
    }

    /** {@return whether it has its rescue form} */
    public boolean inRescue() {
        return locked(guest::inRescue);
    }

    /** {@return the size that it has; a resize changes it} */
    public Flavor flavor() {
        return guest.spec().flavor();
    }

    /** {@return the config drive that it sees; empty if it has none} */
    public Optional<ConfigDrive> configDrive() {
        return guest.spec().configDrive();
    }

    /** {@return how often it was booted} */
    public long boots() {
        return locked(guest::boots);
    }

    /** {@return how many non-maskable interrupts it has seen since it was made} */
    public long nmis() {
        return locked(guest::nmis);
    }

    /**
     * Makes its agent fall silent, or answer again. It has one if its image says so, and answers at first.
     *
     * @param silent whether it does not answer
     */
    public void agentSilent(boolean silent) {
        change(() -> guest.agent().silent(silent));
    }

    /**
     * {@return whether a user's password was set by its agent, and is this one}
     *
     * @param user the user's name
     * @param password what is tried
     */
    public boolean acceptsPassword(String user, String password) {
        return locked(() -> guest.agent().accepts(user, password));
    }

    /** {@return its root disk, which it has wherever it is} */
    public SimDisk disk() {
        return new SimDisk(this);
    }

    Disk rootDisk() {
        return locked(() -> owner().requireRoot(id()));
    }

    void changeRootDisk(UnaryOperator<Disk> change) {
        change(() -> {
            owner().requireRoot(id());
            owner().storage().changeRoot(id(), change);
        });
    }

    private HostNode owner() {
        HostNode owner = guest.owner();
        if (owner == null) {
            throw new NotFound(id().ref(), "It was deleted; create it again");
        }
        return owner;
    }

    /**
     * It crashes.
     *
     * @throws InvalidState if it is off
     */
    public void crash() {
        end("panicked", PowerState.CRASHED);
    }

    /**
     * It powers itself off.
     *
     * @throws InvalidState if it is off
     */
    public void powerOffByItself() {
        end("powered off by itself", PowerState.SHUTDOWN);
    }

    /**
     * Makes it deaf to the power button, or cures it.
     *
     * @param ignores whether it ignores requests to shut down or reboot
     */
    public void ignoreShutdown(boolean ignores) {
        change(() -> guest.workload(guest.workload().ignoringShutdown(ignores)));
    }

    /**
     * Sets how it writes to its memory from now on.
     *
     * @param workingSet how much of its memory it writes to, at random
     * @param rate how much it writes, whole pages of 4 KiB at a time
     * @throws InvalidRequest if the working set exceeds its memory
     */
    public void dirtying(MemorySize workingSet, Bandwidth rate) {
        change(() ->
                guest.workload(guest.workload().dirtying(guest.spec().flavor().memory(), workingSet, rate)));
    }

    /** {@return what a comparison of each page with what the guest remembers finds; nothing to compare if it is off} */
    public PageReport verify() {
        return locked(guest::verify);
    }

    private void end(String why, PowerState end) {
        change(() -> {
            if (!guest.on()) {
                throw new InvalidState(id().ref(), "end", guest.power().name(), List.of("RUNNING", "PAUSED"));
            }
            guest.powerOff(why, end);
        });
    }

    private void change(Runnable change) {
        locked(() -> {
            change.run();
            return guest;
        });
    }

    private <T> T locked(Supplier<T> use) {
        guest.lock.lock();
        try {
            return use.get();
        } finally {
            guest.lock.unlock();
        }
    }
}
