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
            DomainStatus domain = host.lifecycle().claim(port, context, id);
            GuestDefinition guest = GuestDefinition.read(port, id);
            DiskFiles files = disks.files(port);
            DiskFile root = disks.at(guest.rootPath()).orElseThrow(() -> KvmDisks.noCopy(id, name));
            boolean done = root.copy().equals(Optional.of(name))
                    && files.restoredBy(root).equals(Optional.of(context.operation()));
            if (!mayGoOn(domain, "restore", done)) {
                return true;
            }
            if (done) {
                removeOthers(port, root);
                return true;
            }
            DiskFile copy = find(port, files, root, name);
            disks.markAsRoot(port, copy, context);
            boolean used = false;
            try {
                use(port, guest, domain, copy);
                used = true;
            } finally {
                if (!used) {
                    disks.unmarkAsRoot(copy, context);
                }
            }
            removeOthers(port, copy);
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
            DomainStatus domain = host.lifecycle().claim(port, context, id);
            GuestDefinition guest = GuestDefinition.read(port, id);
            Optional<DiskFile> root = disks.at(guest.rootPath());
            boolean done = root.flatMap(DiskFile::operation).equals(Optional.of(context.operation()))
                    && root.flatMap(DiskFile::copy).isEmpty();
            if (!mayGoOn(domain, "rebuild", done)) {
                return true;
            }
            if (done) {
                removeOthers(port, root.orElseThrow());
                host.storage().configDrives().deleteAllBut(port, id, host.writeConfigDrive(port, spec));
                return true;
            }
            host.requireLayout(port, spec);
            DiskFile fresh = DiskFile.root(id, context);
            Optional<String> configDrive;
            boolean used = false;
            try {
                disks.createOverlay(port, fresh, spec.image(), spec.rootDisk());
                configDrive = host.writeConfigDrive(port, spec);
                guest.toNormal();
                guest.setName(spec);
                guest.setFlavor(spec.flavor());
                guest.setLayout(spec.layout());
                KvmDomainXml xml = new KvmDomainXml(profile, host.storage().layout());
                guest.setBoot(xml.os(spec.directBoot()));
                guest.setConfigDrive(
                        path -> host.storage().layout().isConfigDrivePath(id, path),
                        configDrive.map(path -> xml.configDrive(spec, path)));
                guest.setAgent(spec.image().hasGuestAgent());
                use(port, guest, domain, fresh);
                used = true;
            } finally {
                if (!used) {
                    disks.discard(fresh);
                }
            }
            removeOthers(port, fresh);
            host.storage().configDrives().deleteAllBut(port, id, configDrive);
            return true;
        });
    }

    /** Refuses a guest that is on; false if it is on since the operation has done its work. */
    private static boolean mayGoOn(DomainStatus domain, String verb, boolean done) {
        if (domain.isActive() && !done) {
            GuestLifecycle.requireOff(new InstanceId(domain.id()), verb, domain);
        }
        return !domain.isActive();
    }

    /** A suspended guest is off, too: what is saved of its memory goes with the disk that it knew. */
    private void use(LibvirtPort port, GuestDefinition guest, DomainStatus domain, DiskFile disk) {
        if (domain.saved()) {
            port.domains().removeSaved(domain.id());
        }
        guest.toNormal();
        guest.setRoot(host.storage().layout().diskPath(disk));
        guest.define(port);
    }

    private void removeOthers(LibvirtPort port, DiskFile root) {
        DiskFiles files = disks.files(port);
        for (DiskFile other : files.of(root.instance())) {
            if (files.isRoot(other) && !other.equals(root)) {
                disks.delete(port, files, other);
            }
        }
        disks.deleteRescue(port, root.instance());
    }
}
