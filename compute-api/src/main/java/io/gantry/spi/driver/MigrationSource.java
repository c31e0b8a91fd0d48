package io.gantry.spi.driver;

import io.gantry.error.InvalidState;
import io.gantry.error.NotFound;
import io.gantry.error.Unsupported;
import io.gantry.instance.InstanceId;

/** A host as the source of live migrations. */
public interface MigrationSource {
    /**
     * Describes a guest for targets to check.
     *
     * @param id the guest
     * @return the description
     * @throws NotFound if there is no such guest
     * @throws InvalidState if it is neither running nor paused
     * @throws Unsupported if this guest cannot be migrated from this host
     */
    MigrationOffer offer(InstanceId id);

    /**
     * Starts to move a guest, and does not wait for it. A paused guest arrives paused.
     *
     * @param context on whose behalf
     * @param offer what {@link #offer} said
     * @param ticket what the target's {@link MigrationTarget#prepare} said
     * @param tuning how to copy
     * @return the job
     */
    MigrationJob start(CallContext context, MigrationOffer offer, MigrationTicket ticket, MigrationTuning tuning);

    /**
     * Asks whatever copy of a guest's memory is under way from this host to stop, also one that another connection started.
     * Returns at once; does nothing if none is.
     *
     * @param context on whose behalf
     * @param id the guest
     */
    void abort(CallContext context, InstanceId id);
}
