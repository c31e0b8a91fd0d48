package io.gantry.core.lifecycle;

import io.gantry.core.operation.Step;
import io.gantry.core.operation.StepContext;
import io.gantry.core.placement.Ranking;
import io.gantry.core.state.HostRow;
import io.gantry.core.state.InstanceRow;
import io.gantry.core.state.LeftoverRow;
import io.gantry.core.state.Table;
import io.gantry.error.InvalidRequest;
import io.gantry.host.HostId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.instance.VmState;
import io.gantry.placement.FilterResult;
import io.gantry.placement.Verdict;
import io.gantry.spi.driver.GuestDisks;
import io.gantry.spi.fence.FencingProof;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.store.Transaction;
import java.util.List;
import java.util.Optional;

/**
 * Brings an instance of a dead host up elsewhere, powered off: on its disk where the target has the source's storage, else
 * anew from its image. Nothing is done without a proof that the host is dead, and what the host has of the instance is
 * removed when it returns.
 */
final class EvacuateSaga extends InstanceSaga<Instance> {
    private static final String SOURCE = "source";
    private static final String PROOF = "proof";
    private static final String SAME_STORAGE = "same-storage";

    private final Request request;
    private final MoveClaims claims;

    /**
     * What is asked.
     *
     * @param id the instance
     * @param target the requested host, if one is
     * @param proof why its host is known to be dead; empty to ask the fencer
     */
    record Request(InstanceId id, Optional<HostId> target, Optional<FencingProof> proof) {}

    EvacuateSaga(Services services, Request request) {
        super(services, Verb.EVACUATE.word(), request.id());
        this.request = request;
        this.claims = new MoveClaims(services, id);
    }

    @Override
    public List<Step> steps() {
        return List.of(
                GuestStep.waiting("fence-host", this::fence)
                        .verify(context -> context.recorded(PROOF).isPresent()),
                GuestStep.control("schedule", this::schedule)
                        .undo(context -> claims.giveBack(context, this::source, HOST))
                        .verify(context -> context.recorded(HOST).isPresent()),
                GuestStep.waiting("create-guest", this::create).undo(this::remove));
    }

    private void fence(StepContext context) {
        HostId source = row().instance().host().orElseThrow();
        FencingProof proof = request.proof()
                .orElseGet(() ->
                        services.fencer().orElseThrow(() -> noProof(source)).fence(source));
        requireFor(source, proof);
        context.record(SOURCE, source.value());
        context.record(PROOF, proof);
    }

    /** Refuses a proof that is about another host. */
    static void requireFor(HostId source, FencingProof proof) {
        if (!proof.host().equals(source)) {
            throw new InvalidRequest(
                    "fencing.host",
                    proof.host(),
                    "is not host " + source + ", which the instance is on",
                    "Give the proof for that host");
        }
    }

    /** {@return what is thrown without a proof that a host is dead} */
    static InvalidRequest noProof(HostId source) {
        return new InvalidRequest(
                "evacuation.proof",
                "none",
                "is missing, and the engine has no fencer",
                "Fence host " + source + " and say how in a FencingProof, or add a Fencer to the engine's builder");
    }

    private HostId source(StepContext context) {
        return context.recorded(SOURCE).map(HostId::of).orElseThrow();
    }

    private void schedule(StepContext context) {
        InstanceRow row = row();
        HostId source = source(context);
        Ranking ranking = services.placer().rank(row.placement(), request.target(), host -> ruledOut(host, source));
        claims.take(context, source, ranking, host -> Optional.empty(), chosen -> context.record(HOST, chosen.value()));
    }

    private static Optional<FilterResult> ruledOut(HostView host, HostId source) {
        return host.id().equals(source)
                ? Optional.of(new FilterResult(
                        "Evacuation", Verdict.reject("SOURCE_HOST", "another host", "the host that is dead")))
                : Optional.empty();
    }

    private void create(StepContext context) throws Exception {
        InstanceRow row = row();
        Optional<String> there =
                services.hosts().connection(host(context)).disks().map(GuestDisks::storageId);
        Optional<String> dead = services.state()
                .read(tx -> services.state().hosts().get(tx, source(context).value()))
                .map(Table.Entry::value)
                .flatMap(HostRow::storageId);
        boolean same = there.isPresent() && there.equals(dead);
        context.change(tx -> context.record(SAME_STORAGE, same));
        cacheImages(context, host(context), row.boot());
        connection(context).createGuest(context.call(PowerSteps.CALL), spec(row, host(context)));
        look(context, connection(context));
    }

    private boolean isSameStorage(StepContext context) {
        return context.isRecorded(SAME_STORAGE);
    }

    private void remove(StepContext context) {
        if (context.recorded(SAME_STORAGE).isEmpty()) {
            return; // nothing was made yet, and whose the disk is was not known either
        }
        if (isSameStorage(context)) {
            connection(context).releaseGuest(context.call(PowerSteps.CALL), id);
        } else {
            connection(context).deleteGuest(context.call(PowerSteps.CALL), id);
        }
    }

    @Override
    public Instance succeed(Transaction tx, StepContext context) {
        claims.settle(tx, context);
        InstanceRow after = rows.change(
                tx,
                id,
                edit -> edit.state(VmState.STOPPED, PowerState.SHUTDOWN)
                        .host(Optional.of(host(context)))
                        .moveTo(Optional.empty())
                        .fault(Optional.empty())
                        .free());
        services.state()
                .leave(tx, new LeftoverRow(id, source(context), after.epoch(), isSameStorage(context), context.now()));
        return after.instance();
    }
}
