package io.gantry.driver.kvm;

import io.gantry.driver.libvirt.DiskBackup;
import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.storage.DiskFile;
import io.gantry.error.HostUnreachable;
import io.gantry.error.HypervisorError;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.CallContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies disks by QEMU's backup job: at one moment, flattened, and to be stopped at any time. A disk that no guest has
 * open is held for that time by a QEMU of its own whose processor never runs. libvirt could copy the volume instead; but
 * it blocks the whole pool meanwhile, reads the source's format from the source, and cannot be stopped.
 */
final class DiskCopier {
    private static final Logger LOG = LoggerFactory.getLogger(DiskCopier.class);

    // A process that waits for storage takes its time to end.
    private static final Duration ENDING = Duration.ofMinutes(1);

    private final KvmHost host;
    private final DiskBackup backup;

    DiskCopier(KvmHost host) {
        this.host = host;
        this.backup = new DiskBackup(host.libvirt());
    }

    /** Stops the copying of a guest's disk, if it is under way, whoever began it. */
    void stop(InstanceId guest) {
        backup.stop(guest);
        letGo(guest);
    }

    /** Copies a disk of a guest that is on to an empty disk of the same size. */
    void copyLive(CallContext context, InstanceId guest, String device, DiskFile target) {
        run(context, guest, device, target);
    }

    /** Copies a file that nobody has open for writing to an empty disk of the same size. */
    void copyFile(CallContext context, String path, String format, DiskFile target) {
        InstanceId guest = target.instance();
        String xml = new KvmDomainXml(host.profile(), host.storage().layout()).holder(holder(guest), path, format);
        try {
            host.libvirt().change("hold a disk of guest " + guest, context.timeout(), port -> {
                port.domains().startTransient(xml);
                return true;
            });
            run(context, holder(guest), KvmDomainXml.ROOT_DEVICE, target);
        } finally {
            letGo(guest);
        }
    }

    /** {@return the domain that holds a guest's disk; a daemon that was restarted forgets to end it with its connection} */
    private static InstanceId holder(InstanceId guest) {
        return new InstanceId(UUID.nameUUIDFromBytes(("copies of " + guest).getBytes(StandardCharsets.UTF_8)));
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

    /** Ends the holding of a guest's disk. Does nothing if nobody holds it. */
    void letGo(InstanceId guest) {
        boolean interrupted = Thread.interrupted(); // or no call would be made
        try {
            host.libvirt().change("let go of a disk of guest " + guest, ENDING, port -> {
                try {
                    port.domains().destroy(holder(guest).value());
                } catch (LibvirtError e) {
                    if (e.code() != LibvirtError.NO_DOMAIN) {
                        throw e;
                    } // else nobody holds it
                }
                return true;
            });
        } catch (HostUnreachable | HypervisorError e) {
            // It goes with its connection, or when the guest is copied or deleted next.
            LOG.warn("Host {}: a disk of guest {} is still held", host.libvirt().id(), guest, e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
