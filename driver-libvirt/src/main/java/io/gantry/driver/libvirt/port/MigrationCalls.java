package io.gantry.driver.libvirt.port;

import java.util.Optional;
import java.util.UUID;

/** Calls about migrations that start on a host, and about the jobs of its domains. */
public interface MigrationCalls {
    /**
     * Migrates a domain; returns when it has ended well.
     *
     * @param id its UUID
     * @param request how
     */
    void migrate(UUID id, MigrationRequest request);

    /**
     * {@return the figures of the job that runs on a domain; empty if none does}
     *
     * @param id its UUID
     */
    Optional<JobStatistics> job(UUID id);

    /**
     * {@return the figures of the last job that ended on a domain; empty if there are none}
     *
     * @param id its UUID
     */
    Optional<JobStatistics> completedJob(UUID id);

    /**
     * Aborts the job that runs on a domain.
     *
     * @param id its UUID
     */
    void abortJob(UUID id);

    /**
     * Sets how long a domain may stand still at the end of its migration.
     *
     * @param id its UUID
     * @param milliseconds at least 1
     */
    void setMaxDowntime(UUID id, long milliseconds);
}
