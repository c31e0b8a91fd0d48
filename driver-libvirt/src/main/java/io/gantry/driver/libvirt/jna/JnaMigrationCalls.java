package io.gantry.driver.libvirt.jna;

import com.sun.jna.ptr.IntByReference;
import io.gantry.driver.libvirt.port.JobStatistics;
import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.port.MigrationCalls;
import io.gantry.driver.libvirt.port.MigrationRequest;
import java.util.Optional;
import java.util.UUID;
import org.libvirt.jna.DomainPointer;

final class JnaMigrationCalls implements MigrationCalls {
    private static final int JOB_NONE = 0;
    private static final int JOB_COMPLETED = 3;
    private static final int STATS_RUNNING = 0;
    private static final int STATS_COMPLETED_KEPT = 1 | 1 << 1;

    private final NativeConnection connection;
    private final NativeLibvirt lib;

    JnaMigrationCalls(NativeConnection connection) {
        this.connection = connection;
        this.lib = connection.lib();
    }

    @Override
    public void migrate(UUID id, MigrationRequest request) {
        try (TypedParameters params = new TypedParameters(lib)) {
            params.add("migrate_uri", request.migrateUri())
                    .add("destination_xml", request.destinationXml())
                    .add("persistent_xml", request.persistentXml());
            if (request.bandwidth() > 0) {
                params.add("bandwidth", request.bandwidth());
            }
            JnaDomainCalls.with(
                    connection,
                    id,
                    domain -> connection.check(lib.virDomainMigrateToURI3(
                            domain,
                            request.destination(),
                            params.array().getValue(),
                            params.count().getValue(),
                            request.flags())));
        }
    }

    @Override
    public Optional<JobStatistics> job(UUID id) {
        return JnaDomainCalls.with(connection, id, domain -> read(domain, STATS_RUNNING));
    }

    @Override
    public Optional<JobStatistics> completedJob(UUID id) {
        return JnaDomainCalls.with(connection, id, domain -> read(domain, STATS_COMPLETED_KEPT));
    }

    private Optional<JobStatistics> read(DomainPointer domain, int flags) {
        IntByReference type = new IntByReference();
        try (TypedParameters params = new TypedParameters(lib)) {
            if (lib.virDomainGetJobStats(domain, type, params.array(), params.count(), flags) < 0) {
                LibvirtError error = LastError.copy(lib);
                if (error.code() == LibvirtError.OPERATION_INVALID) {
                    return Optional.empty(); // the domain is off: no job, and none kept
                }
                throw error;
            }
            if (type.getValue() == JOB_NONE) {
                return Optional.empty();
            }
            JobStatistics statistics = params.read();
            return Optional.of(
                    flags == STATS_RUNNING ? statistics : statistics.ended(type.getValue() == JOB_COMPLETED));
        }
    }

    @Override
    public void abortJob(UUID id) {
        JnaDomainCalls.with(connection, id, domain -> connection.check(lib.virDomainAbortJob(domain)));
    }

    @Override
    public void setMaxDowntime(UUID id, long milliseconds) {
        JnaDomainCalls.with(
                connection,
                id,
                domain -> connection.check(lib.virDomainMigrateSetMaxDowntime(domain, milliseconds, 0)));
    }
}
