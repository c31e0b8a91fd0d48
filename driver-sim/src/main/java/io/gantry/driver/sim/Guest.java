package io.gantry.driver.sim;

import io.gantry.error.Conflict;
import io.gantry.error.InvalidState;
import io.gantry.instance.AdminPassword;
import io.gantry.instance.InstanceDiagnostics;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.GuestEvent;
import io.gantry.spi.driver.GuestEvent.Kind;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.spi.driver.GuestState;
import io.gantry.unit.DiskSize;
import java.time.Duration;
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
    // Changed under the lock, read by whoever adds up what guests were promised.
    private volatile GuestSpec spec;
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
    // Its normal disk is the second one meanwhile, and a rescue disk the first.
    private boolean rescued;
    private boolean pausedWhenSuspended;
    private final Interrupts interrupts = new Interrupts();
    private final Agent agent = new Agent();
    // How long its vCPUs have run since it was booted.
    private long ranNanos;
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

    boolean inRescue() {
        return rescued;
    }

    long boots() {
        return boots;
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

    /** Lets a call go on, unless a later operation or owner was here before. */
    void admit(CallContext context) {
        requireCurrent(id, context, operation, epoch);
        operation = context.operation();
        epoch = context.epoch();
    }

    static void requireCurrent(InstanceId id, CallContext context, OperationId latest, long epoch) {
        if (context.epoch() < epoch) {
            throw new Conflict(
                    id.ref(),
                    "Operation " + context.operation() + " calls with epoch " + context.epoch() + ", but operation "
                            + latest + " was here with epoch " + epoch,
                    "Leave the instance to that operation's owner");
        }
    }

    void start() {
        if (on()) {
            return;
        }
        requireOff("start");
        if (owner != null) {
            owner.requireRoot(id);
        }
        boots++;
        pending = null;
        interrupts.forget();
        ranNanos = 0;
        long seed = id.value().getMostSignificantBits() ^ id.value().getLeastSignificantBits() ^ boots;
        ram = new Ram(
                (int) (spec.flavor().memory().bytes() / Workload.PAGE_BYTES), seed, workload, surroundings.pages());
        if (console == null) {
            console = new Console();
        }
        console.boot(rescued ? spec.name() + " in rescue" : spec.name(), boots);
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

    /** Saves the memory, which stays where it is, and powers off. */
    void suspend() {
        if (power == PowerState.SUSPENDED) {
            return;
        }
        requireOn("suspend");
        stopRunning();
        frozen = false;
        pausedWhenSuspended = power == PowerState.PAUSED;
        become(PowerState.SUSPENDED, "suspended by request", Kind.STOPPED);
        if (migration != null) {
            migration.fail("the guest stopped: suspended");
        }
    }

    /** Powers on with the memory that was saved; a guest that was paused is paused again. */
    void resume() {
        if (on()) {
            return;
        }
        if (power != PowerState.SUSPENDED) {
            throw new InvalidState(id.ref(), "resume", power.name(), List.of("SUSPENDED"));
        }
        become(PowerState.RUNNING, "resumed with its memory", Kind.STARTED);
        if (pausedWhenSuspended) {
            become(PowerState.PAUSED, "was paused when it was suspended", Kind.PAUSED);
        }
        runUnlessFrozen();
    }

    /** Takes the size of another specification; its disk has at least the size that is given. */
    void resize(GuestSpec asked, Workload resized, DiskSize disk) {
        GuestSpec.Builder changed =
                GuestSpec.builder(id, spec.name(), asked.flavor(), spec.image()).rootDisk(disk);
        spec.directBoot().ifPresent(changed::directBoot);
        spec.configDrive().ifPresent(changed::configDrive);
        spec = changed.build();
        workload = resized;
    }

    /** Takes another specification, its disk aside. */
    void rebuild(GuestSpec asked, Workload rebuilt) {
        spec = asked;
        workload = rebuilt;
    }

    void rescue() {
        if (rescued && on()) {
            return;
        }
        requireOff("rescue");
        if (!rescued) {
            rescued = true;
            surroundings.disks().increment();
        }
        start();
    }

    void unrescue() {
        if (rescued) {
            powerOff("rescue ended", PowerState.SHUTDOWN);
            dropRescueDisk();
        }
    }

    private void dropRescueDisk() {
        if (rescued) {
            rescued = false;
            surroundings.disks().decrement();
        }
    }

    /** Off, and without saved memory. */
    void requireOff(String verb) {
        if (on() || power == PowerState.SUSPENDED) {
            throw new InvalidState(id.ref(), verb, power.name(), List.of("SHUTDOWN", "CRASHED"));
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

    void injectNmi() {
        requireOn("send an NMI to");
        interrupts.send();
        hearInterrupts();
    }

    /** How many non-maskable interrupts it has seen since it was made. */
    long nmis() {
        return interrupts.seen();
    }

    private void hearInterrupts() {
        if (running() && interrupts.hear() && console != null) {
            settle();
            console.line("[sim] Uhhuh. NMI received for unknown reason; NMI " + interrupts.seen());
        }
    }

    void setPassword(String host, String user, AdminPassword password) {
        if (!running()) {
            throw new InvalidState(
                    id.ref(), "set a password of", state().power().name(), List.of("RUNNING"));
        }
        agent.setPassword(id, spec.image(), host, user, password);
    }

    Agent agent() {
        return agent;
    }

    InstanceDiagnostics diagnostics() {
        requireOn("read the diagnostics of");
        settle();
        return SimDiagnostics.of(this, Duration.ofNanos(ranNanos));
    }

    /** The guest ends where it is. */
    void remove(String why) {
        powerOff(why, PowerState.SHUTDOWN);
        dropRescueDisk();
        publish(new GuestEvent(id, Kind.REMOVED, why));
        owner = null;
        console = null;
    }

    /** The guest was never made. */
    void discard() {
        owner = null;
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
        hearInterrupts();
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
            ranNanos += now - runningSince;
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
