package io.gantry.driver.libvirt;

import io.gantry.driver.libvirt.port.DomainStatus;
import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.port.LibvirtPort;
import io.gantry.error.Conflict;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.CallContext;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The marks in domains' metadata. A guest's epoch never falls: neither within an operation, nor from one operation to the
 * next. A mark is written only if that raises the epoch, or names another operation while the guest is off: a domain that
 * is on may keep the writer waiting for a job on it.
 */
final class GuestMarks {
    /** {@code VIR_DOMAIN_JOB_OPERATION_SAVE}, {@code MIGRATION_IN}, {@code MIGRATION_OUT}. */
    private static final Set<Long> EXCLUSIVE_OPERATIONS = Set.of(2L, 4L, 5L);

    private GuestMarks() {}

    /** {@return a domain's mark; empty if it has none, or there is no such domain} */
    static Optional<GuestMark> read(LibvirtPort port, UUID id) {
        try {
            return port.domains().metadata(id, GuestMark.NAMESPACE).map(GuestMark::parse);
        } catch (LibvirtError e) {
            if (e.code() == LibvirtError.NO_DOMAIN) {
                return Optional.empty(); // it went away between the two calls
            }
            throw e;
        }
    }

    /**
     * Refuses a call with a lower epoch than the guest's.
     *
     * @throws Conflict if a higher epoch is recorded
     */
    static void check(GuestMark mark, CallContext context, InstanceId id) {
        if (mark.epoch() > context.epoch()) {
            throw new Conflict(
                    id.ref(),
                    "operation " + mark.operation() + " has recorded epoch " + mark.epoch()
                            + " there, and this call of operation " + context.operation() + " has " + context.epoch(),
                    "Leave " + id.ref() + " to the operation or node that has taken it over");
        }
    }

    /**
     * Records operation and epoch of a call that was checked, unless that is done.
     *
     * @throws Conflict if the guest is being migrated or suspended
     */
    static void record(LibvirtPort port, GuestMark mark, CallContext context, DomainStatus domain) {
        boolean raises = context.epoch() > mark.epoch();
        boolean renames = !context.operation().equals(mark.operation()) && !domain.isActive();
        if (raises && domain.isActive()) {
            requireWritable(port, context, domain.id());
        }
        if (raises || renames) {
            write(port, mark.by(context), domain.id(), domain.isActive());
        }
    }

    /** A write would wait for such a job, and its caller's connection with it. */
    private static void requireWritable(LibvirtPort port, CallContext context, UUID id) {
        boolean busy = port.migrations()
                .job(id)
                .filter(job ->
                        EXCLUSIVE_OPERATIONS.contains(job.number("operation").orElse(0L)))
                .isPresent();
        if (busy) {
            InstanceId guest = new InstanceId(id);
            throw new Conflict(
                    guest.ref(),
                    guest.ref() + " is being migrated or suspended, so epoch " + context.epoch()
                            + " cannot be recorded with it now",
                    "Try again when that has ended");
        }
    }

    /** Writes a mark, whatever is there. */
    static void write(LibvirtPort port, GuestMark mark, UUID id, boolean active) {
        try {
            port.domains().setMetadata(id, active, mark.toPlainXml(), GuestMark.PREFIX, GuestMark.NAMESPACE);
        } catch (LibvirtError e) {
            if (!active || e.code() != LibvirtError.OPERATION_INVALID) {
                throw e;
            }
            // It went off meanwhile.
            port.domains().setMetadata(id, false, mark.toPlainXml(), GuestMark.PREFIX, GuestMark.NAMESPACE);
        }
    }
}
