package io.gantry.core.lifecycle;

import io.gantry.core.operation.StepContext;
import io.gantry.core.placement.Need;
import io.gantry.core.placement.Placer;
import io.gantry.core.placement.Ranking;
import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.placement.FilterResult;
import io.gantry.placement.NoValidHost;
import io.gantry.spi.store.Transaction;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The claims of a move: the source's passes to the operation and the target is claimed for the instance, so that both hosts
 * stay charged until it is settled where the guest is. Meanwhile the instance's row says where it was being taken.
 */
public final class MoveClaims {
    private final Services services;
    private final InstanceRows rows;
    private final InstanceId id;

    /** Creates the claims of an instance's moves. */
    public MoveClaims(Services services, InstanceId id) {
        this.services = services;
        this.rows = new InstanceRows(services);
        this.id = id;
    }

    /**
     * Claims the first host of a ranking that has room.
     *
     * @param last asked before the claim: what only the host itself can tell
     * @param chosen records the host, in the claim's transaction
     * @throws NoValidHost if none has room
     */
    public void take(
            StepContext context,
            HostId source,
            Ranking ranking,
            Function<HostId, Optional<FilterResult>> last,
            Consumer<HostId> chosen) {
        Placer.Claim claim = Placer.Claim.of(context, id, context.operation(), (tx, host) -> {
                    rows.change(tx, id, edit -> edit.moveTo(Optional.of(host)));
                    chosen.accept(host);
                })
                .asking(last)
                .preparing(tx ->
                        services.ledger().pass(tx, Need.instance(id), Need.migration(context.operation()), source));
        services.placer().claim(ranking, claim);
    }

    /**
     * Gives the target's claim up and the source's back. Does nothing if the target is not claimed yet, or no longer.
     *
     * @param key under which the target is recorded; forgotten, so that giving back twice is giving back once
     */
    public void giveBack(StepContext context, Function<StepContext, HostId> source, String key) {
        if (context.recorded(key).isEmpty()) {
            return;
        }
        context.change(tx -> {
            services.ledger().releaseAll(tx, Need.instance(id));
            leaveBoth(tx, context, source.apply(context));
            rows.change(tx, id, edit -> edit.moveTo(Optional.empty()));
            context.forget(key);
        });
    }

    /** Leaves both claims to the instance, since it is not known where its guest is, or what is left on either host. */
    public void leaveBoth(Transaction tx, StepContext context, HostId source) {
        services.ledger().join(tx, Need.migration(context.operation()), Need.instance(id), source);
    }

    /** Gives the source's claim up: the guest has moved. */
    public void settle(Transaction tx, StepContext context) {
        services.ledger().releaseAll(tx, Need.migration(context.operation()));
    }
}
