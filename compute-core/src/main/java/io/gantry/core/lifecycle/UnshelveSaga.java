package io.gantry.core.lifecycle;

import io.gantry.core.operation.Step;
import io.gantry.core.operation.StepContext;
import io.gantry.core.placement.Need;
import io.gantry.core.placement.Placer;
import io.gantry.core.placement.Ranking;
import io.gantry.core.scheduler.Exclusion;
import io.gantry.core.state.InstanceRow;
import io.gantry.error.ComputeException;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.UnshelveSpec;
import io.gantry.instance.VmState;
import io.gantry.spi.store.Transaction;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a shelved instance back: where it is, or from its image on a host that the scheduler finds. */
final class UnshelveSaga extends InstanceSaga<Instance> {
    private static final Logger LOG = LoggerFactory.getLogger(UnshelveSaga.class);
    private static final String OFFLOADED = "offloaded";
    private static final String BACK = "back";
    private static final String ZONE_BEFORE = "zone-before";

    private final Request request;

    /**
     * What is asked.
     *
     * @param id the instance
     * @param how where to
     */
    record Request(InstanceId id, UnshelveSpec how) {}

    UnshelveSaga(Services services, Request request) {
        super(services, Verb.UNSHELVE.word(), request.id());
        this.request = request;
    }

    @Override
    public List<Step> steps() {
        return List.of(
                GuestStep.control("schedule", this::schedule)
                        .undo(this::unschedule)
                        .verify(context -> context.recorded(HOST).isPresent()),
                onHost("create-guest", this::create).undo(context -> {
                    if (wasOffloaded(context)) {
                        connection(context).deleteGuest(context.call(PowerSteps.CALL), id);
                    }
                }),
                onHost("start-guest", this::startGuest)
                        .undo(context -> connection(context).powerOffGuest(context.call(PowerSteps.CALL), id)),
                GuestStep.waiting("delete-shelf", this::deleteShelf));
    }

    private static boolean wasOffloaded(StepContext context) {
        return context.recorded(OFFLOADED).isPresent();
    }

    private void schedule(StepContext context) {
        InstanceRow row = row();
        if (row.instance().host().isPresent()) {
            host(context);
            return;
        }
        Optional<String> before = row.instance().requestedZone();
        Optional<String> zone = request.how().zoneAfter(before);
        Ranking ranking =
                services.placer().rank(row.placement(zone), request.how().host(), Exclusion.NONE);
        Placer.Claim claim = Placer.Claim.of(context, id, context.operation(), (tx, host) -> {
                    rows.change(tx, id, edit -> edit.host(Optional.of(host)));
                    context.record(HOST, host.value());
                    context.record(OFFLOADED, "");
                    context.record(ZONE_BEFORE, before.orElse(""));
                })
                .preparing(tx -> rows.change(tx, id, edit -> edit.requestedZone(zone)));
        services.placer().claim(ranking, claim);
    }

    private void unschedule(StepContext context) {
        if (wasOffloaded(context)) {
            context.change(tx -> {
                services.ledger().releaseAll(tx, Need.instance(id));
                Optional<String> before = context.recorded(ZONE_BEFORE).filter(zone -> !zone.isEmpty());
                rows.change(tx, id, edit -> edit.host(Optional.empty()).requestedZone(before));
            });
        }
    }

    private void create(StepContext context) throws Exception {
        if (!wasOffloaded(context)) {
            return;
        }
        InstanceRow row = row();
        Image shelf = services.images().get(row.shelf().orElseThrow());
        InstanceRow.Boot boot =
                new InstanceRow.Boot(shelf, row.boot().kernel(), row.boot().ramdisk());
        cacheImages(context, host(context), boot);
        connection(context)
                .createGuest(
                        context.call(PowerSteps.CALL),
                        Guests.spec(
                                row, row.instance().flavor(), row.rootDisk(), boot, layouts.at(row, host(context))));
    }

    /** The guest runs by now: an image that cannot be removed is no reason to take that back. */
    private void deleteShelf(StepContext context) {
        context.record(BACK, true);
        context.passPointOfNoReturn();
        Optional<ImageId> shelf = row().shelf();
        try {
            shelf.ifPresent(services.images()::remove);
        } catch (ComputeException e) {
            LOG.warn("Image {} of unshelved instance {} is left over", shelf, id, e);
        }
    }

    @Override
    public Instance succeed(Transaction tx, StepContext context) {
        return rows.change(tx, id, edit -> {
                    settle(edit, VmState.ACTIVE, context);
                    edit.shelf(Optional.empty()).due(Optional.empty());
                })
                .instance();
    }

    @Override
    protected void failed(Transaction tx, StepContext context, InstanceRow.Edit edit, boolean undone) {
        InstanceRow row = rows.get(tx, id).value();
        if (context.isRecorded(BACK)) {
            settle(edit, VmState.ACTIVE, context);
            edit.shelf(Optional.empty()).due(Optional.empty());
        } else if (wasOffloaded(context)) {
            charges.chargeOffloaded(tx, row.instance());
            if (!undone) {
                edit.state(VmState.ERROR);
            }
        }
    }
}
