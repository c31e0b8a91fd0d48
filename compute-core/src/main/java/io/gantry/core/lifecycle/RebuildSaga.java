package io.gantry.core.lifecycle;

import io.gantry.core.operation.Step;
import io.gantry.core.operation.StepContext;
import io.gantry.core.state.InstanceRow;
import io.gantry.image.Image;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.VmState;
import io.gantry.spi.store.Transaction;
import java.util.List;

/**
 * Makes the root disk anew. Until the new disk is there, what fails is undone; afterwards the instance has the new disk,
 * and a guest that does not start on it is an error.
 */
final class RebuildSaga extends InstanceSaga<Instance> {
    private static final String REBUILT = "rebuilt";

    private final Request request;

    /**
     * What is asked.
     *
     * @param id the instance
     * @param boot what to make it from
     */
    record Request(InstanceId id, InstanceRow.Boot boot) {}

    RebuildSaga(Services services, Request request) {
        super(services, Verb.REBUILD.word(), request.id());
        this.request = request;
    }

    @Override
    public List<Step> steps() {
        return List.of(
                GuestStep.control("check-host", this::checkHost).brief(),
                onHost("cache-image", context -> cacheImages(context, host(context), request.boot())),
                new StopFirst(services, id, this::connection).step(),
                onHost("rebuild-disk", this::rebuild),
                onHost("start-guest", this::start));
    }

    /** Another image may ask for what the host does not have. */
    private void checkHost(StepContext context) {
        InstanceRow row = row();
        Image image = request.boot().image();
        if (!image.id().equals(row.boot().image().id())) {
            services.placer().checkRebuild(row.placement(image), host(context));
        }
    }

    private void rebuild(StepContext context) {
        context.checkCancelled();
        InstanceRow row = row();
        disks(host(context))
                .rebuild(
                        context.call(Guests.TRANSFER),
                        Guests.spec(
                                row,
                                row.instance().flavor(),
                                row.rootDisk(),
                                request.boot(),
                                layouts.at(row, host(context))));
        context.change(tx -> {
            context.record(REBUILT, "");
            rows.change(
                    tx,
                    id,
                    edit -> edit.boot(request.boot())
                            .image(request.boot().image().id()));
        });
        context.passPointOfNoReturn();
        look(context, connection(context));
    }

    private void start(StepContext context) {
        if (StopFirst.wasOn(context)) {
            startGuest(context);
        }
    }

    @Override
    public Instance succeed(Transaction tx, StepContext context) {
        return rows.change(tx, id, edit -> settle(edit, VmState.STOPPED, context))
                .instance();
    }

    @Override
    protected void failed(Transaction tx, StepContext context, InstanceRow.Edit edit, boolean undone) {
        if (context.recorded(REBUILT).isPresent()) {
            edit.state(VmState.ERROR);
        }
    }
}
