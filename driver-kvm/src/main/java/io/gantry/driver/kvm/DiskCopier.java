package io.gantry.driver.kvm;

import io.gantry.driver.libvirt.DiskBackup;
import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.storage.DiskFile;
import io.gantry.error.HostUnreachable;
import io.gantry.error.HypervisorError;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.CallContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies disks by QEMU's backup job: at one moment, flattened, and to be stopped at any time. A disk that no guest has
 * open is held for that time by a QEMU of its own whose processor never runs. libvirt could copy the volume instead; but
 * it blocks the whole pool meanwhile, reads the source's format from the source, and cannot be stopped.
 */
final class DiskCopier {
    private static final Logger LOG = LoggerFactory.getLogger(DiskCopier.class);

    private final KvmHost host;
    private final DiskBackup backup;

    DiskCopier(KvmHost host) {
        this.host = host;
        this.backup = new DiskBackup(host.libvirt());
    }

    /** Stops the copying of a guest's disk, if it is under way. */
    void stop(InstanceId guest) {
        backup.stop(guest);
    }

    /** Copies a disk of a guest that is on to an empty disk of the same size. */
    void copyLive(CallContext context, InstanceId guest, String device, DiskFile target) {
        run(context, guest, device, target);
    }

    /** Copies a file that nobody has open for writing to an empty disk of the same size. */
    void copyFile(CallContext context, String path, String format, DiskFile target) {
        InstanceId holder = InstanceId.random();
        String xml = new KvmDomainXml(host.profile(), host.storage().layout()).holder(holder.value(), path, format);
        boolean held = false;
        try {
            held = host.libvirt().change("hold a disk of guest " + target.instance(), context.timeout(), port -> {
                port.domains().startTransient(xml);
                return true;
            });
            run(context, holder, KvmDomainXml.ROOT_DEVICE, target);
        } finally {
            letGo(holder, held);
        }
    }

    private void run(CallContext context, InstanceId domain, String device, DiskFile target) {
        try {
            backup.run(domain, device, host.storage().layout().diskPath(target), context.timeout());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HostUnreachable(
                    host.libvirt().id(), "interrupted while a disk of guest " + target.instance() + " was copied", e);
        }
    }

    private void letGo(InstanceId holder, boolean held) {
        boolean interrupted = Thread.interrupted(); // or no call would be made
        try {
            host.libvirt().control("let go of a disk", port -> {
                try {
                    port.domains().destroy(holder.value());
                } catch (LibvirtError e) {
                    if (e.code() != LibvirtError.NO_DOMAIN) {
                        throw e;
                    } // else it did not start, or is gone
                }
                return true;
            });
        } catch (HostUnreachable | HypervisorError e) {
            // It goes with its connection, at the latest.
            LOG.warn("Host {}: {} still holds a disk ({})", host.libvirt().id(), holder, held, e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
