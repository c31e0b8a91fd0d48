package io.gantry.core.lifecycle;

import io.gantry.core.image.ImageCatalog;
import io.gantry.core.operation.Step;
import io.gantry.core.operation.StepContext;
import io.gantry.core.placement.Need;
import io.gantry.core.state.InstanceRow;
import io.gantry.error.HostUnreachable;
import io.gantry.image.ImageId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.instance.VmState;
import io.gantry.spi.store.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Powers an instance off, keeps it as an image, and takes it off its host, at once or later. An instance that is shelved
 * already is only taken off.
 */
final class ShelveSaga extends InstanceSaga<Instance> {
    private static final Logger LOG = LoggerFactory.getLogger(ShelveSaga.class);
    private static final Duration OFFLOAD_AGAIN = Duration.ofMinutes(1);
    private static final String SHELVED = "shelved";
    private static final String OFFLOADED = "offloaded";

    private final Request request;

    /**
     * What is asked.
     *
     * @param id the instance
     * @param image the id of the image to be; empty for an instance that has one
     * @param name the image's name
     */
    record Request(InstanceId id, Optional<ImageId> image, String name) {
        Verb verb() {
            return image.isPresent() ? Verb.SHELVE : Verb.SHELVE_OFFLOAD;
        }
    }

    ShelveSaga(Services services, Request request) {
        super(services, request.verb().word(), request.id());
        this.request = request;
    }

    @Override
    public List<Step> steps() {
        if (request.image().isEmpty()) {
            return List.of(GuestStep.waiting("offload-guest", this::offload));
        }
        List<Step> steps = new ArrayList<>();
        steps.add(new StopFirst(services, id, this::connection).step());
        steps.addAll(new ImageUpload(
                        services,
                        id,
                        request.image().get(),
                        request.name(),
                        Map.of(ImageCatalog.TYPE, "shelf"),
                        this::host,
                        this::disks)
                .steps());
        steps.add(GuestStep.control("shelve", context -> {
            context.record(SHELVED, true);
            context.passPointOfNoReturn();
        }));
        if (services.settings().offloadAfter().isZero()) {
            steps.add(GuestStep.waiting("offload-guest", this::tryToOffload));
        }
        return steps;
    }

    private void offload(StepContext context) {
        connection(context).deleteGuest(context.call(PowerSteps.CALL), id);
        context.record(OFFLOADED, "");
    }

    /** The instance is shelved whether or not its host answers; the engine offloads it later then. */
    private void tryToOffload(StepContext context) {
        try {
            offload(context);
        } catch (HostUnreachable e) {
            LOG.info("Instance {} stays on its host for now, which does not answer", id, e);
        }
    }

    @Override
    public Instance succeed(Transaction tx, StepContext context) {
        InstanceRow after = rows.change(tx, id, edit -> {
            request.image().ifPresent(image -> edit.shelf(Optional.of(image)));
            if (context.recorded(OFFLOADED).isPresent()) {
                leaveHost(tx, edit);
            } else {
                stay(context, edit);
            }
            edit.fault(Optional.empty()).free();
        });
        return after.instance();
    }

    private void leaveHost(Transaction tx, InstanceRow.Edit edit) {
        services.ledger().releaseAll(tx, Need.instance(id));
        charges.chargeOffloaded(tx, rows.get(tx, id).value().instance());
        edit.state(VmState.SHELVED_OFFLOADED, PowerState.NOSTATE)
                .host(Optional.empty())
                .due(Optional.empty());
    }

    private void stay(StepContext context, InstanceRow.Edit edit) {
        Duration keep = services.settings().offloadAfter();
        Optional<Instant> due = keep.isNegative()
                ? Optional.empty()
                : Optional.of(context.now().plus(keep.isZero() ? OFFLOAD_AGAIN : keep));
        edit.state(VmState.SHELVED, PowerState.SHUTDOWN).due(due);
    }

    /** What was reached stays: an instance that is kept as an image is shelved, one whose guest is gone is offloaded. */
    @Override
    protected void failed(Transaction tx, StepContext context, InstanceRow.Edit edit, boolean undone) {
        boolean offloaded = context.recorded(OFFLOADED).isPresent();
        if (offloaded || context.isRecorded(SHELVED)) {
            request.image().ifPresent(image -> edit.shelf(Optional.of(image)));
        }
        if (offloaded) {
            leaveHost(tx, edit);
        } else if (context.isRecorded(SHELVED)) {
            stay(context, edit);
        }
    }
}
