package io.gantry.driver.kvm;

import io.gantry.driver.libvirt.GuestMark;
import io.gantry.driver.libvirt.port.NodeInfo;
import io.gantry.host.HostInventory;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.DriverCapability;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.spi.driver.GuestState;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.ImageSource;
import io.gantry.spi.driver.MigrationSource;
import io.gantry.spi.driver.MigrationTarget;
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

    KvmConnection(KvmHost host) {
        this.host = host;
        this.source = new KvmMigrationSource(host);
        this.target = new KvmMigrationTarget(host);
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
                    CAPABILITIES);
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
        host.inTurn(spec.id(), context, () -> create(context, spec));
    }

    private void create(CallContext context, GuestSpec spec) {
        if (guest(spec.id()).isPresent()) {
            return;
        }
        KvmProfile profile = host.profile();
        GuestMark mark = new GuestMark(spec.name(), context.operation(), context.epoch());
        String xml = new KvmDomainXml(profile, host.storage().layout()).write(spec, mark);
        host.libvirt().change("create guest " + spec.id(), context.timeout(), port -> {
            if (host.lifecycle().find(port, spec.id()).isEmpty()) {
                // Only a disk that is there already can be another host's guest's; otherwise no other host is asked.
                host.storage()
                        .createDisk(
                                port,
                                spec.id(),
                                spec.image(),
                                spec.rootDisk(),
                                () -> host.shared().requireNotElsewhere(host, spec.id()));
                port.domains().define(xml);
            }
            return true;
        });
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
                host.lifecycle().fence(port, context, id);
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
