package io.gantry.driver.kvm;

import io.gantry.driver.libvirt.GuestAgent;
import io.gantry.driver.libvirt.GuestFigures;
import io.gantry.driver.libvirt.port.NodeInfo;
import io.gantry.host.HostInventory;
import io.gantry.instance.AdminPassword;
import io.gantry.instance.InstanceDiagnostics;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.DriverCapability;
import io.gantry.spi.driver.GuestDisks;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.spi.driver.GuestState;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.ImageSource;
import io.gantry.spi.driver.MigrationSource;
import io.gantry.spi.driver.MigrationTarget;
import io.gantry.spi.driver.RescueSpec;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A QEMU/KVM host. */
final class KvmConnection implements HostConnection {
    private static final Set<String> CAPABILITIES =
            Arrays.stream(DriverCapability.values()).map(Enum::name).collect(Collectors.toUnmodifiableSet());

    private final KvmHost host;
    private final MigrationSource source;
    private final MigrationTarget target;
    private final GuestMaker maker;
    private final GuestForms forms;
    private final KvmDisks disks;
    private final GuestFigures figures;
    private final GuestAgent agent;

    KvmConnection(KvmHost host) {
        this.host = host;
        this.source = new KvmMigrationSource(host);
        this.target = new KvmMigrationTarget(host);
        this.maker = new GuestMaker(host);
        this.forms = new GuestForms(host);
        this.disks = new KvmDisks(host, maker);
        this.figures = new GuestFigures(host.libvirt(), host.lifecycle());
        this.agent = new GuestAgent(host.libvirt(), host.lifecycle());
    }

    @Override
    public HostInventory inventory() {
        KvmProfile profile = host.profile();
        return host.libvirt().read("read inventory", port -> {
            NodeInfo node = port.host().nodeInfo();
            DiskSize disk = host.storage().prepare(port);
            return new HostInventory(
                    profile.hostname(),
                    profile.architecture(),
                    profile.type(),
                    profile.versionText(),
                    node.cpus(),
                    new MemorySize(node.memory()),
                    disk,
                    CAPABILITIES,
                    host.topology(port));
        });
    }

    @Override
    public List<GuestState> guests() {
        return host.lifecycle().guests();
    }

    @Override
    public Optional<GuestState> guest(InstanceId id) {
        return host.lifecycle().guest(id);
    }

    @Override
    public void cacheImage(CallContext context, ImageSource source) throws IOException {
        host.storage().cacheImage(context, source);
    }

    @Override
    public void createGuest(CallContext context, GuestSpec spec) {
        host.inTurn(spec.id(), context, () -> maker.create(context, spec));
    }

    @Override
    public void startGuest(CallContext context, InstanceId id) {
        host.lifecycle().start(context, id);
    }

    @Override
    public void requestShutdown(CallContext context, InstanceId id) {
        host.lifecycle().requestShutdown(context, id);
    }

    @Override
    public void requestReboot(CallContext context, InstanceId id) {
        host.lifecycle().requestReboot(context, id);
    }

    @Override
    public void powerOffGuest(CallContext context, InstanceId id) {
        host.lifecycle().powerOff(context, id);
    }

    @Override
    public void pauseGuest(CallContext context, InstanceId id) {
        host.lifecycle().pause(context, id);
    }

    @Override
    public void unpauseGuest(CallContext context, InstanceId id) {
        host.lifecycle().unpause(context, id);
    }

    @Override
    public void deleteGuest(CallContext context, InstanceId id) {
        host.inTurn(id, context, () -> delete(context, id));
    }

    private void delete(CallContext context, InstanceId id) {
        boolean wasHere = host.libvirt().change("delete guest " + id, context.timeout(), port -> {
            if (host.lifecycle().find(port, id).isPresent()) {
                host.lifecycle().check(port, context, id);
            }
            return host.lifecycle().remove(port, id);
        });
        if (!wasHere
                && !host.libvirt()
                        .read(
                                "look for files of guest " + id,
                                port -> host.storage().hasFiles(port, id))) {
            return;
        }
        disks.letGo(id);
        boolean elsewhere = wasHere
                ? host.shared().isKnownElsewhere(host, id)
                : host.shared().isElsewhere(host, id);
        if (!elsewhere) {
            host.libvirt().change("delete files of guest " + id, context.timeout(), port -> {
                host.storage().deleteFiles(port, id);
                return true;
            });
        }
    }

    @Override
    public byte[] consoleLog(InstanceId id, int maxBytes) {
        return host.libvirt().read("read console log of guest " + id, port -> {
            host.lifecycle().require(port, id);
            return host.storage().consoleLog(port, id, maxBytes);
        });
    }

    @Override
    public void suspendGuest(CallContext context, InstanceId id) {
        host.libvirt().read("look at devices of guest " + id, port -> {
            host.lifecycle().require(port, id);
            DomainLayout.parse(port.domains().xml(id.value(), 0))
                    .requireNoDevices(id, DriverCapability.SUSPEND, "Shut it down instead");
            return true;
        });
        host.lifecycle().suspend(context, id);
    }

    @Override
    public void resumeGuest(CallContext context, InstanceId id) {
        host.lifecycle().resume(context, id);
    }

    @Override
    public void resizeGuest(CallContext context, GuestSpec spec) {
        host.inTurn(spec.id(), context, () -> forms.resize(context, spec));
    }

    @Override
    public void rescueGuest(CallContext context, RescueSpec spec) {
        host.inTurn(spec.id(), context, () -> forms.rescue(context, spec));
    }

    @Override
    public void unrescueGuest(CallContext context, InstanceId id) {
        host.inTurn(id, context, () -> forms.unrescue(context, id));
    }

    @Override
    public void releaseGuest(CallContext context, InstanceId id) {
        host.inTurn(id, context, () -> release(context, id));
    }

    private void release(CallContext context, InstanceId id) {
        host.libvirt().change("release guest " + id, context.timeout(), port -> {
            boolean wasHere = host.lifecycle().find(port, id).isPresent();
            if (wasHere) {
                host.lifecycle().check(port, context, id);
                host.lifecycle().remove(port, id);
            }
            // On shared storage the log is not this host's alone: the guest goes on writing it elsewhere.
            if (host.properties().storageId().isEmpty()) {
                host.storage().deleteLogs(port, id);
                host.storage().disks().deleteRescue(port, id);
                host.storage().configDrives().deleteAllBut(port, id, Optional.empty());
            }
            return true;
        });
    }

    @Override
    public void injectNmi(CallContext context, InstanceId id) {
        host.lifecycle().injectNmi(context, id);
    }

    @Override
    public void setUserPassword(CallContext context, InstanceId id, String user, AdminPassword password) {
        agent.setUserPassword(context, id, user, password);
    }

    @Override
    public InstanceDiagnostics diagnostics(InstanceId id) {
        return figures.read(id, KvmDriver.NAME, host.profile().type());
    }

    @Override
    public void fence(CallContext context, InstanceId id) {
        host.lifecycle().fence(context, id);
    }

    @Override
    public Optional<GuestDisks> disks() {
        return Optional.of(disks);
    }

    @Override
    public Optional<MigrationSource> migrationSource() {
        return Optional.of(source);
    }

    @Override
    public Optional<MigrationTarget> migrationTarget() {
        return Optional.of(target);
    }

    @Override
    public void close() {
        host.shared().remove(host);
        host.libvirt().close();
    }
}
