package io.gantry.driver.sim;

import io.gantry.error.HostUnreachable;
import io.gantry.host.HostInventory;
import io.gantry.instance.AdminPassword;
import io.gantry.instance.InstanceDiagnostics;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.GuestDisks;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.spi.driver.GuestState;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.ImageSource;
import io.gantry.spi.driver.MemoryActivity;
import io.gantry.spi.driver.MigrationSource;
import io.gantry.spi.driver.MigrationTarget;
import io.gantry.spi.driver.RescueSpec;
import io.gantry.unit.Bandwidth;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A connection to a simulated host. */
final class SimConnection implements HostConnection {
    private final HostNode node;
    private final SimFleet fleet;
    private final Mailbox mailbox;
    private final Duration timeout;
    private final Consumer<SimConnection> whenClosed;
    private volatile boolean closed;

    SimConnection(HostNode node, SimFleet fleet, Mailbox mailbox, Consumer<SimConnection> whenClosed) {
        this.node = node;
        this.fleet = fleet;
        this.mailbox = mailbox;
        this.whenClosed = whenClosed;
        this.timeout = fleet.surroundings().callTimeout();
    }

    <T> T call(SimCall call, Duration within, Supplier<T> body) {
        if (closed) {
            throw new HostUnreachable(node.name(), "the connection is closed", null);
        }
        return node.gate().call(call, within, body);
    }

    void run(SimCall call, CallContext context, Runnable body) {
        call(call, context.timeout(), () -> {
            body.run();
            return node;
        });
    }

    private void change(SimCall call, CallContext context, InstanceId id, String verb, Consumer<Guest> change) {
        run(call, context, () -> node.change(context, id, verb, change));
    }

    @Override
    public HostInventory inventory() {
        return call(SimCall.INVENTORY, timeout, node::inventory);
    }

    @Override
    public List<GuestState> guests() {
        return call(SimCall.GUESTS, timeout, node::states);
    }

    @Override
    public Optional<GuestState> guest(InstanceId id) {
        return call(SimCall.GUEST, timeout, () -> node.state(id));
    }

    @Override
    public void cacheImage(CallContext context, ImageSource source) throws IOException {
        try {
            call(SimCall.CACHE_IMAGE, context.timeout(), () -> {
                if (!node.images().contains(source.image().id())) {
                    read(source);
                    node.images().add(source.image().id());
                }
                return source;
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void read(ImageSource source) {
        try {
            fleet.imageLibrary().read(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void createGuest(CallContext context, GuestSpec spec) {
        run(SimCall.CREATE, context, () -> node.create(context, spec));
    }

    @Override
    public void startGuest(CallContext context, InstanceId id) {
        change(SimCall.START, context, id, "start", Guest::start);
    }

    @Override
    public void requestShutdown(CallContext context, InstanceId id) {
        change(SimCall.REQUEST_SHUTDOWN, context, id, "shut down", Guest::requestShutdown);
    }

    @Override
    public void requestReboot(CallContext context, InstanceId id) {
        change(SimCall.REQUEST_REBOOT, context, id, "reboot", Guest::requestReboot);
    }

    @Override
    public void powerOffGuest(CallContext context, InstanceId id) {
        change(
                SimCall.POWER_OFF,
                context,
                id,
                "power off",
                guest -> guest.powerOff("powered off by request", PowerState.SHUTDOWN));
    }

    @Override
    public void pauseGuest(CallContext context, InstanceId id) {
        change(SimCall.PAUSE, context, id, "pause", Guest::pause);
    }

    @Override
    public void unpauseGuest(CallContext context, InstanceId id) {
        change(SimCall.UNPAUSE, context, id, "unpause", Guest::unpause);
    }

    @Override
    public void deleteGuest(CallContext context, InstanceId id) {
        run(SimCall.DELETE, context, () -> node.delete(context, id));
    }

    @Override
    public byte[] consoleLog(InstanceId id, int maxBytes) {
        return call(
                SimCall.CONSOLE_LOG,
                timeout,
                () -> node.use(id, "read the console of", guest -> guest.consoleTail(maxBytes)));
    }

    @Override
    public void suspendGuest(CallContext context, InstanceId id) {
        change(SimCall.SUSPEND, context, id, "suspend", Guest::suspend);
    }

    @Override
    public void resumeGuest(CallContext context, InstanceId id) {
        change(SimCall.RESUME, context, id, "resume", Guest::resume);
    }

    @Override
    public void resizeGuest(CallContext context, GuestSpec spec) {
        run(SimCall.RESIZE, context, () -> node.resize(context, spec));
    }

    @Override
    public void rescueGuest(CallContext context, RescueSpec spec) {
        run(SimCall.RESCUE, context, () -> node.rescue(context, spec));
    }

    @Override
    public void unrescueGuest(CallContext context, InstanceId id) {
        change(SimCall.UNRESCUE, context, id, "unrescue", Guest::unrescue);
    }

    @Override
    public void releaseGuest(CallContext context, InstanceId id) {
        run(SimCall.RELEASE, context, () -> node.release(context, id));
    }

    @Override
    public void injectNmi(CallContext context, InstanceId id) {
        change(SimCall.INJECT_NMI, context, id, "send an NMI to", Guest::injectNmi);
    }

    @Override
    public void setUserPassword(CallContext context, InstanceId id, String user, AdminPassword password) {
        change(
                SimCall.SET_USER_PASSWORD,
                context,
                id,
                "set a password of",
                guest -> guest.setPassword(node.name(), user, password));
    }

    @Override
    public InstanceDiagnostics diagnostics(InstanceId id) {
        return call(SimCall.DIAGNOSTICS, timeout, () -> node.use(id, "read the diagnostics of", Guest::diagnostics));
    }

    @Override
    public void fence(CallContext context, InstanceId id) {
        run(SimCall.FENCE, context, () -> node.fence(context, id));
    }

    @Override
    public Optional<GuestDisks> disks() {
        return Optional.of(new SimGuestDisks(this, node, timeout));
    }

    @Override
    public Optional<MigrationSource> migrationSource() {
        return Optional.of(new SimMigrationSource(this, node, fleet));
    }

    @Override
    public Optional<MigrationTarget> migrationTarget() {
        return Optional.of(new SimMigrationTarget(this, node, fleet));
    }

    /** What the guest was told to do with its memory, and what it has touched by now. */
    @Override
    public Optional<MemoryActivity> memoryActivity(InstanceId id) {
        return call(
                SimCall.DIAGNOSTICS, timeout, () -> SimDiagnostics.memoryActivity(Optional.ofNullable(node.find(id))));
    }

    @Override
    public Optional<Bandwidth> migrationBandwidth() {
        return Optional.of(node.config().bandwidth());
    }

    @Override
    public void close() {
        closed = true;
        mailbox.close();
        node.gate().listeners().remove(mailbox);
        whenClosed.accept(this);
    }
}
