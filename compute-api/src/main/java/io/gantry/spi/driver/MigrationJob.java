package io.gantry.spi.driver;

import io.gantry.error.ComputeException;
import io.gantry.migration.MigrationStatistics;
import java.time.Duration;

/** A memory copy under way. Safe for use by many threads. */
public interface MigrationJob {
    /**
     * Waits for the end.
     *
     * @param timeout how long to wait at most; zero only looks
     * @return whether it has ended well: the guest is on the target; false if it goes on
     * @throws ComputeException if it has failed or was aborted; the hosts say where the guest is
     * @throws InterruptedException if the thread was interrupted; the job goes on
     */
    boolean await(Duration timeout) throws InterruptedException;

    /** {@return the statistics now; those of the finished job once it has ended} */
    MigrationStatistics statistics();

    /** Asks the copy to stop, so that the guest stays on the source. Returns at once; does nothing if it has ended. */
    void abort();
}
