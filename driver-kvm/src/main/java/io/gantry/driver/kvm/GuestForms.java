package io.gantry.driver.kvm;

import io.gantry.driver.libvirt.GuestLifecycle;
import io.gantry.driver.libvirt.port.DomainStatus;
import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.port.LibvirtPort;
import io.gantry.driver.libvirt.storage.DiskFile;
import io.gantry.driver.libvirt.storage.DiskStorage;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.spi.driver.RescueSpec;

/** Gives guests that are off another form: another size, or that for rescue. */
final class GuestForms {
    private final KvmHost host;
    private final DiskStorage disks;

    GuestForms(KvmHost host) {
        this.host = host;
        this.disks = host.storage().disks();
    }

    void resize(CallContext context, GuestSpec spec) {
        InstanceId id = spec.id();
        host.libvirt().change("resize guest " + id, context.timeout(), port -> {
            GuestLifecycle.requireOff(id, "resize", host.lifecycle().claim(port, context, id));
            host.requireLayout(port, spec);
            GuestDefinition guest = GuestDefinition.read(port, id);
            DiskFile root = disks.at(guest.rootPath())
                    .orElseThrow(() -> new LibvirtError(
                            LibvirtError.NO_STORAGE_VOL,
                            LibvirtError.FROM_STORAGE,
                            "the root disk is none of this storage"));
            disks.grow(port, root, spec.rootDisk());
            guest.setFlavor(spec.flavor());
            guest.setLayout(spec.layout());
            guest.define(port);
            return true;
        });
    }

    void rescue(CallContext context, RescueSpec spec) {
        InstanceId id = spec.id();
        KvmDomainXml xml = new KvmDomainXml(host.profile(), host.storage().layout());
        host.libvirt().change("rescue guest " + id, context.timeout(), port -> {
            DomainStatus domain = host.lifecycle().claim(port, context, id);
            if (domain.isActive() && runsForRescue(port, id)) {
                return true;
            }
            GuestLifecycle.requireOff(id, "rescue", domain);
            disks.createRescue(port, id, spec.image());
            GuestDefinition guest = GuestDefinition.read(port, id);
            guest.toNormal();
            guest.toRescue(
                    xml.disk(host.storage().layout().rescuePath(id), KvmDomainXml.ROOT_DEVICE),
                    xml.os(spec.directBoot()));
            guest.define(port);
            port.domains().start(id.value());
            return true;
        });
    }

    private static boolean runsForRescue(LibvirtPort port, InstanceId id) {
        return GuestDefinition.parse(port.domains().xml(id.value(), 0)).isRescue();
    }

    void unrescue(CallContext context, InstanceId id) {
        boolean rescued = host.libvirt().change("look at guest " + id, context.timeout(), port -> {
            host.lifecycle().claim(port, context, id);
            return GuestDefinition.read(port, id).isRescue();
        });
        if (rescued) {
            host.lifecycle().powerOff(context, id);
        }
        host.libvirt().change("end rescue of guest " + id, context.timeout(), port -> {
            GuestDefinition guest = GuestDefinition.read(port, id);
            guest.toNormal();
            guest.define(port);
            disks.deleteRescue(port, id);
            return true;
        });
    }
}
