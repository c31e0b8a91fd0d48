package io.gantry.driver.sim;

import io.gantry.error.Conflict;
import io.gantry.error.InvalidState;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.GuestEvent;
import io.gantry.spi.driver.GuestEvent.Kind;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.spi.driver.GuestState;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A guest: one object for its whole life, which a migration hands from host to host. Who owns it is one field, so that
 * it is on exactly one host at any instant. Everything here is guarded by {@link #lock}.
 */
final class Guest {
    private static final long NOT_RUNNING = Long.MIN_VALUE;

    /** Guards everything; held briefly. Taken before {@link Incoming}'s lock. */
    final ReentrantLock lock = new ReentrantLock();

    private final InstanceId id;
    private final GuestSpec spec;
    private final Surroundings surroundings;
    private @Nullable HostNode owner;
    private PowerState power = PowerState.SHUTDOWN;
    private String reason = "created";
    private OperationId operation;
    private long epoch;
    private Workload workload;
    private @Nullable Ram ram;
    private @Nullable Console console;
    private @Nullable PrecopyJob migration;
    private long runningSince = NOT_RUNNING;
    private long boots;
    // Stopped for the last pass of a migration; "power" then says what the guest was, and will be again.
    private boolean frozen;
    // What the guest heard while its vCPUs were stopped, and does when they run again.
    private @Nullable Runnable pending;

    Guest(GuestSpec spec, Workload workload, HostNode owner, CallContext context, Surroundings surroundings) {
        this.id = spec.id();
        this.spec = spec;
        this.workload = workload;
        this.owner = owner;
        this.surroundings = surroundings;
        this.operation = context.operation();
        this.epoch = context.epoch();
    }

    InstanceId id() {
        return id;
    }

    GuestSpec spec() {
        return spec;
    }

    @Nullable
    HostNode owner() {
        return owner;
    }

    GuestState state() {
        return frozen && power == PowerState.RUNNING
                ? new GuestState(id, PowerState.PAUSED, "stopped by migration")
                : new GuestState(id, power, reason);
    }

    PowerState power() {
        return power;
    }

    /** Whether its vCPUs run at this instant. */
    boolean running() {
        return power == PowerState.RUNNING && !frozen;
    }

    boolean on() {
        return power == PowerState.RUNNING || power == PowerState.PAUSED;
    }

    Workload workload() {
        return workload;
    }

    void workload(Workload changed) {
        settle();
        workload = changed;
        if (ram != null) {
            ram.workload(changed);
        }
    }

    /** Lets a call go on unless its operation has passed to another owner since. */
    void admit(CallContext context) {
        if (context.operation().equals(operation) && context.epoch() < epoch) {
            throw new Conflict(
                    id.ref(),
                    "Operation " + operation + " calls with epoch " + context.epoch() + ", but epoch " + epoch
                            + " was here before",
                    "Leave the operation to its present owner");
        }
        operation = context.operation();
        epoch = context.epoch();
    }

    void start() {
        if (on()) {
            return;
        }
        boots++;
        pending = null;
        long seed = id.value().getMostSignificantBits() ^ id.value().getLeastSignificantBits() ^ boots;
        ram = new Ram(
                (int) (spec.flavor().memory().bytes() / Workload.PAGE_BYTES), seed, workload, surroundings.pages());
        if (console == null) {
            console = new Console();
        }
        console.boot(spec.name(), boots);
        become(PowerState.RUNNING, "booted", Kind.STARTED);
        runUnlessFrozen();
    }

    void powerOff(String why, PowerState end) {
        if (power == end) {
            return;
        }
        boolean wasOn = on();
        stopRunning();
        frozen = false;
        pending = null;
        if (ram != null) {
            ram.free();
            ram = null;
        }
        power = end;
        reason = why;
        if (wasOn) {
            publish(new GuestEvent(id, Kind.STOPPED, why));
        }
        if (migration != null) {
            migration.fail("the guest stopped: " + why);
        }
    }

    void pause() {
        requireOn("pause");
        if (power == PowerState.RUNNING) {
            stopRunning();
            become(PowerState.PAUSED, "paused by request", Kind.PAUSED);
        }
    }

    void unpause() {
        requireOn("unpause");
        if (power == PowerState.PAUSED) {
            become(PowerState.RUNNING, "unpaused by request", Kind.RESUMED);
            runUnlessFrozen();
        }
    }

    void requestShutdown() {
        if (on() && !workload.ignoresShutdown()) {
            react(() -> powerOff("shut down by itself", PowerState.SHUTDOWN));
        }
    }

    void requestReboot() {
        requireOn("reboot");
        if (!workload.ignoresShutdown()) {
            react(() -> {
                settle();
                if (console != null) {
                    console.boot(spec.name(), boots);
                }
                publish(new GuestEvent(id, Kind.REBOOTED, "rebooted by itself"));
            });
        }
    }

    /** The guest is deleted where it is. */
    void remove() {
        powerOff("deleted", PowerState.SHUTDOWN);
        publish(new GuestEvent(id, Kind.REMOVED, "deleted"));
        owner = null;
        console = null;
    }

    byte[] consoleTail(int maxBytes) {
        settle();
        return console == null ? new byte[0] : console.tail(maxBytes);
    }

    PageReport verify() {
        settle();
        return ram == null ? new PageReport(0, List.of()) : ram.verify();
    }

    /** The memory, brought up to date; the guest is on. */
    Ram ram() {
        settle();
        if (ram == null) {
            throw new IllegalStateException("guest " + id + " is off");
        }
        ram.sync();
        return ram;
    }

    @Nullable
    PrecopyJob migration() {
        return migration;
    }

    void migration(@Nullable PrecopyJob job) {
        migration = job;
    }

    /** Stops the vCPUs for the last pass of a migration. */
    void freeze() {
        stopRunning();
        frozen = true;
        if (power == PowerState.RUNNING) {
            publish(new GuestEvent(id, Kind.PAUSED, "stopped by migration"));
        }
    }

    /** The migration is over without success: the guest goes on where it is. */
    void stayAfterMigration() {
        migration = null;
        if (ram != null) {
            ram.untrack();
        }
        if (frozen) {
            frozen = false;
            if (power == PowerState.RUNNING) {
                publish(new GuestEvent(id, Kind.RESUMED, "resumed after a failed migration"));
            }
            runUnlessFrozen();
        }
    }

    /** The guest is another host's from this instant on. */
    void moveTo(HostNode target, PageTable copy) {
        publish(new GuestEvent(id, Kind.STOPPED, "migrated to " + target.name()));
        owner = target;
        migration = null;
        frozen = false;
        reason = "arrived by migration";
        if (ram != null) {
            ram.untrack();
            ram.moveTo(copy);
        }
        publish(new GuestEvent(id, Kind.STARTED, reason));
        if (power == PowerState.PAUSED) {
            publish(new GuestEvent(id, Kind.PAUSED, reason));
        }
        runUnlessFrozen();
    }

    private void requireOn(String verb) {
        if (!on()) {
            throw new InvalidState(id.ref(), verb, power.name(), List.of("RUNNING", "PAUSED"));
        }
    }

    private void react(Runnable reaction) {
        if (!running()) {
            pending = reaction;
            return;
        }
        long boot = boots;
        surroundings.later(() -> {
            lock.lock();
            try {
                if (boots == boot && owner != null && on()) {
                    if (running()) {
                        reaction.run();
                    } else {
                        pending = reaction;
                    }
                }
            } finally {
                lock.unlock();
            }
        });
    }

    private void runUnlessFrozen() {
        if (!running()) {
            return;
        }
        runningSince = surroundings.nanos();
        Runnable heard = pending;
        if (heard != null) {
            pending = null;
            react(heard);
        }
    }

    private void stopRunning() {
        settle();
        runningSince = NOT_RUNNING;
    }

    private void settle() {
        if (runningSince != NOT_RUNNING) {
            long now = surroundings.nanos();
            if (ram != null) {
                ram.elapse(now - runningSince);
            }
            if (console != null) {
                console.elapse(now - runningSince);
            }
            runningSince = now;
        }
    }

    private void become(PowerState state, String why, Kind event) {
        power = state;
        reason = why;
        publish(new GuestEvent(id, event, why));
    }

    private void publish(GuestEvent event) {
        if (owner != null) {
            owner.publish(event);
        }
    }
}
