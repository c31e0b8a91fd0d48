package io.gantry.driver.kvm;

import io.gantry.driver.libvirt.GuestLifecycle;
import io.gantry.driver.libvirt.port.DomainStatus;
import io.gantry.driver.libvirt.port.LibvirtPort;
import io.gantry.driver.libvirt.storage.DiskFile;
import io.gantry.driver.libvirt.storage.DiskFiles;
import io.gantry.driver.libvirt.storage.DiskStorage;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.GuestSpec;
import java.io.IOException;
import java.util.Optional;

/**
 * Gives guests that are off another root disk. The new one is whole before the definition names it; the old one goes
 * when it does not any more. The name of the new disk says which operation made it, so a repetition knows how far it was.
 */
final class RootReplacement {
    private final KvmHost host;
    private final DiskStorage disks;

    RootReplacement(KvmHost host) {
        this.host = host;
        this.disks = host.storage().disks();
    }

    void restore(CallContext context, InstanceId id, String name) {
        host.libvirt().change("restore guest " + id + " from " + name, context.timeout(), port -> {
            DomainStatus domain = claimOff(port, context, id, "restore");
            GuestDefinition guest = GuestDefinition.read(port, id);
            DiskFiles files = disks.files(port);
            DiskFile root = disks.at(guest.rootPath()).orElseThrow(() -> KvmDisks.noCopy(id, name));
            boolean done = root.copy().equals(Optional.of(name))
                    && files.restoredBy(root).equals(Optional.of(context.operation()));
            DiskFile copy = done ? root : find(port, files, root, name);
            if (!done) {
                disks.markAsRoot(port, copy, context);
            }
            use(port, guest, domain, copy);
            return true;
        });
    }

    private DiskFile find(LibvirtPort port, DiskFiles files, DiskFile root, String name) throws IOException {
        for (DiskFile disk : files.of(root.instance())) {
            if (!disk.equals(root)
                    && disk.copy().equals(Optional.of(name))
                    && files.isWhole(disk)
                    && disks.size(port, disk).isPresent()) {
                return disk;
            }
        }
        throw KvmDisks.noCopy(root.instance(), name);
    }

    void rebuild(CallContext context, GuestSpec spec) {
        InstanceId id = spec.id();
        KvmProfile profile = host.profile();
        host.libvirt().change("rebuild guest " + id, context.timeout(), port -> {
            DomainStatus domain = claimOff(port, context, id, "rebuild");
            GuestDefinition guest = GuestDefinition.read(port, id);
            Optional<DiskFile> root = disks.at(guest.rootPath());
            boolean done = root.flatMap(DiskFile::operation).equals(Optional.of(context.operation()))
                    && root.flatMap(DiskFile::copy).isEmpty();
            DiskFile fresh = done ? root.orElseThrow() : DiskFile.root(id, context);
            if (!done) {
                disks.createOverlay(port, fresh, spec.image(), spec.rootDisk());
            }
            guest.toNormal();
            guest.setName(spec);
            guest.setFlavor(spec.flavor());
            guest.setBoot(new KvmDomainXml(profile, host.storage().layout()).os(spec.directBoot()));
            use(port, guest, domain, fresh);
            return true;
        });
    }

    /** A suspended guest is off, too: what is saved of its memory goes with the disk that it knew. */
    private DomainStatus claimOff(LibvirtPort port, CallContext context, InstanceId id, String verb) {
        DomainStatus domain = host.lifecycle().claim(port, context, id);
        if (domain.isActive()) {
            GuestLifecycle.requireOff(id, verb, domain);
        }
        return domain;
    }

    private void use(LibvirtPort port, GuestDefinition guest, DomainStatus domain, DiskFile disk) {
        InstanceId id = disk.instance();
        if (domain.saved()) {
            port.domains().removeSaved(domain.id());
        }
        guest.toNormal();
        guest.setRoot(host.storage().layout().diskPath(disk));
        guest.define(port);
        DiskFiles files = disks.files(port);
        for (DiskFile other : files.of(id)) {
            boolean wasRoot = other.copy().isEmpty() || files.isRoot(other);
            if (wasRoot && !other.equals(disk)) {
                disks.delete(port, files, other);
            }
        }
        disks.deleteRescue(port, id);
    }
}
