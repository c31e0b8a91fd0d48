package io.gantry.core.lifecycle;

import io.gantry.core.operation.Lane;
import io.gantry.core.operation.Step;
import io.gantry.core.operation.StepContext;
import io.gantry.core.placement.Need;
import io.gantry.core.placement.Ranking;
import io.gantry.core.state.InstanceRow;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.VmState;
import io.gantry.placement.FilterResult;
import io.gantry.placement.Verdict;
import io.gantry.spi.driver.DriverCapability;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.store.Transaction;
import io.gantry.topology.GuestLayout;
import io.gantry.unit.DiskSize;
import java.util.List;
import java.util.Optional;

/**
 * Gives an instance another size, or moves it while it is off. The source's claim passes to the operation and the target
 * is claimed for the instance: both stay charged until the move is confirmed or reverted. What fails is undone: the
 * instance is as and where it was.
 */
final class ResizeSaga extends InstanceSaga<Instance> {
    private static final String SOURCE = "source";

    private final Request request;
    private final ColdMove move;
    private final MoveClaims claims;

    /**
     * What is asked.
     *
     * @param id the instance
     * @param flavor the flavor that it is to have; empty to move it as it is
     * @param target the requested host, if one is
     */
    record Request(InstanceId id, Optional<Flavor> flavor, Optional<HostId> target) {
        Verb verb() {
            return flavor.isPresent() ? Verb.RESIZE : Verb.MIGRATE;
        }
    }

    ResizeSaga(Services services, Request request) {
        super(services, request.verb().word(), request.id());
        this.request = request;
        this.move = new ColdMove(services, id, this::disks);
        this.claims = new MoveClaims(services, id);
    }

    @Override
    public List<Step> steps() {
        return List.of(
                GuestStep.control("schedule", this::schedule)
                        .undo(context -> claims.giveBack(context, this::source, HOST))
                        .verify(context -> context.recorded(HOST).isPresent()),
                new StopFirst(services, id, context -> services.hosts().connection(source(context))).step(),
                GuestStep.waiting("copy-disk", context -> move.copy(context, source(context), host(context)))
                        .undo(context -> move.deleteCopy(context, source(context))),
                GuestStep.waiting("move-guest", this::moveGuest).undo(this::moveBack),
                GuestStep.waiting("drop-copy", context -> move.dropTransport(context, source(context), host(context))),
                GuestStep.in(context -> new Lane.OnHost(host(context)), "start-guest", this::start)
                        .undo(context -> services.hosts()
                                .connection(host(context))
                                .powerOffGuest(context.call(PowerSteps.CALL), id)));
    }

    private boolean resizes() {
        return request.flavor().isPresent();
    }

    private HostId source(StepContext context) {
        return context.recorded(SOURCE).map(HostId::of).orElseThrow();
    }

    private Flavor flavor(InstanceRow row) {
        return request.flavor().orElse(row.instance().flavor());
    }

    private DiskSize rootDisk(InstanceRow row) {
        return request.flavor()
                .map(flavor -> larger(flavor.disk(), row.rootDisk()))
                .orElse(row.rootDisk());
    }

    private static DiskSize larger(DiskSize one, DiskSize other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private void schedule(StepContext context) {
        InstanceRow row = row();
        HostId source = row.instance().host().orElseThrow();
        String hypervisor = hypervisor(source);
        Ranking ranking = services.placer()
                .rank(
                        row.placement(flavor(row), rootDisk(row)),
                        request.target(),
                        host -> ruledOut(host, source, hypervisor));
        claims.take(context, source, ranking, host -> Optional.empty(), chosen -> {
            context.record(SOURCE, source.value());
            context.record(HOST, chosen.value());
        });
    }

    private Optional<FilterResult> ruledOut(HostView host, HostId source, String hypervisor) {
        if (host.id().equals(source) && !(resizes() && services.settings().resizeOnSameHost())) {
            return Optional.of(rejected("SOURCE_HOST", "another host", "the host that the instance is on"));
        }
        DriverCapability needed = resizes() ? DriverCapability.RESIZE : DriverCapability.DISKS;
        if (!host.inventory().capabilities().contains(needed.name())) {
            return Optional.of(rejected("NOT_CAPABLE", needed.name(), "a driver without it"));
        }
        String type = host.inventory().hypervisorType();
        if (!type.equals(hypervisor)) {
            return Optional.of(rejected("OTHER_HYPERVISOR", hypervisor, type));
        }
        return Optional.empty();
    }

    private String hypervisor(HostId host) {
        return services.state()
                .read(tx -> services.state().hosts().get(tx, host.value()))
                .map(entry -> entry.value().inventory().hypervisorType())
                .orElse("none");
    }

    private static FilterResult rejected(String code, String needed, String has) {
        return new FilterResult("ColdMigrationPreCheck", Verdict.reject(code, needed, has));
    }

    private void moveGuest(StepContext context) throws Exception {
        InstanceRow row = row();
        GuestLayout layout = layouts.at(row, flavor(row), host(context), Need.instance(id));
        move.to(
                context,
                source(context),
                host(context),
                row,
                Guests.spec(row, flavor(row), rootDisk(row), row.boot(), layout));
    }

    private void moveBack(StepContext context) {
        InstanceRow row = row();
        HostId source = source(context);
        // The instance's own claim is that of where it was to go.
        GuestLayout layout = layouts.at(row, row.instance().flavor(), source, Need.migration(context.operation()));
        move.back(context, source, host(context), move.isSameStorage(context), Guests.spec(row, layout));
    }

    private void start(StepContext context) {
        if (StopFirst.wasOn(context)) {
            startGuest(context);
        } else {
            look(context, connection(context));
        }
    }

    @Override
    public Instance succeed(Transaction tx, StepContext context) {
        InstanceRow before = rows.get(tx, id).value();
        InstanceRow.Resized resized = new InstanceRow.Resized(
                context.operation(),
                source(context),
                before.instance().flavor(),
                before.rootDisk(),
                StopFirst.wasOn(context),
                move.isSameStorage(context));
        return rows.change(tx, id, edit -> {
                    edit.state(VmState.RESIZED, power(context))
                            .host(Optional.of(host(context)))
                            .size(flavor(before), rootDisk(before))
                            .moveTo(Optional.empty())
                            .resized(Optional.of(resized))
                            .fault(Optional.empty())
                            .free();
                    if (!services.settings().confirmAfter().isZero()) {
                        edit.due(Optional.of(
                                context.now().plus(services.settings().confirmAfter())));
                    }
                })
                .instance();
    }

    @Override
    protected void failed(Transaction tx, StepContext context, InstanceRow.Edit edit, boolean undone) {
        Instance instance = rows.get(tx, id).value().instance();
        if (undone) {
            charges.charge(tx, instance, instance.flavor());
        } else {
            edit.state(VmState.ERROR);
            // Both claims are the instance's until it is deleted; so is whatever is left on either host.
            context.recorded(SOURCE).map(HostId::of).ifPresent(source -> claims.leaveBoth(tx, context, source));
        }
    }

    @Override
    public void takenOver(StepContext context) {
        super.takenOver(context);
        context.recorded(SOURCE).map(HostId::of).ifPresent(source -> fence(context, source));
    }
}
