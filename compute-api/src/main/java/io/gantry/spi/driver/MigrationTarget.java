package io.gantry.spi.driver;

import io.gantry.instance.InstanceId;
import java.util.List;

/** A host as the target of live migrations. */
public interface MigrationTarget {
    /**
     * Says what keeps a guest from running here; changes nothing. The engine asks before it claims room here, so that the
     * offer's layout is {@link io.gantry.topology.GuestLayout#ANYWHERE}: whether the guest can be where the claim puts it is for
     * {@link #prepare} to say.
     *
     * @param offer the guest
     * @return one sentence a reason, for a person; empty if it can come
     */
    List<String> refusals(MigrationOffer offer);

    /**
     * Makes ready for a guest. What it makes is removed by {@link #abandon}, or becomes the guest's.
     *
     * @param context on whose behalf
     * @param offer the guest
     * @return how the source reaches this host
     */
    MigrationTicket prepare(CallContext context, MigrationOffer offer);

    /**
     * Removes what {@link #prepare} and a failed migration left here. Never touches a guest that runs, nor storage that
     * the source uses too. Does nothing if nothing is left.
     *
     * @param context on whose behalf
     * @param id the guest
     */
    void abandon(CallContext context, InstanceId id);
}
