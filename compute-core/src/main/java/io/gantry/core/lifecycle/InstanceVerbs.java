package io.gantry.core.lifecycle;

import io.gantry.core.operation.Admission;
import io.gantry.core.scheduler.HostScheduler;
import io.gantry.core.state.InstanceRow;
import io.gantry.core.state.PlacementRow;
import io.gantry.core.state.Table;
import io.gantry.error.InvalidRequest;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.identity.Action;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.instance.AdminPassword;
import io.gantry.instance.BackupSpec;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceAction;
import io.gantry.instance.InstanceDiagnostics;
import io.gantry.instance.InstanceId;
import io.gantry.instance.InstanceSpec;
import io.gantry.instance.InstanceUpdate;
import io.gantry.instance.Instances;
import io.gantry.instance.RebootKind;
import io.gantry.instance.StopOptions;
import io.gantry.instance.UnshelveSpec;
import io.gantry.instance.VmState;
import io.gantry.migration.EvacuationSpec;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationId;
import io.gantry.operation.RequestOptions;
import io.gantry.placement.PlacementReport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One caller's verbs on instances. */
public final class InstanceVerbs implements Instances {
    private final Services services;
    private final VerbRegistry verbs;
    private final Asking asking;
    private final CreateChecks checks;
    private final InstanceDetails details;
    private final GuestVerbs guests;
    private final Charges charges;

    /** Creates a caller's verbs. */
    public InstanceVerbs(Services services, VerbRegistry verbs, Asking asking) {
        this.services = services;
        this.verbs = verbs;
        this.asking = asking;
        this.checks = new CreateChecks(services, asking);
        this.details = new InstanceDetails(services, asking);
        this.guests = new GuestVerbs(services, verbs, asking);
        this.charges = new Charges(services.quotas());
    }

    @Override
    public Operation<Instance> create(InstanceSpec spec, RequestOptions options) {
        CreateRequest request = checks.check(spec, InstanceId.random(), 0);
        return asking.seen(services.operations()
                .submit(verbs.create, CreateKey.of(spec, 1, 1), asking.caller(), options, request, (tx, operation) -> {
                    charges.charge(tx, request);
                    checks.join(tx, request);
                    services.state()
                            .instances()
                            .insert(tx, request.row(operation, services.clock().instant()));
                    return Admission.of(1);
                }));
    }

    @Override
    public List<Operation<Instance>> create(InstanceSpec spec, int min, int max, RequestOptions options) {
        if (min < 1 || max < min) {
            throw new InvalidRequest(
                    "create.min, create.max", min + ", " + max, "are out of order", "Give 1 <= min <= max");
        }
        if (spec.hostname().isPresent() && max > 1) {
            throw new InvalidRequest(
                    "instance.hostname",
                    spec.hostname(InstanceId.random()),
                    "cannot be that of several instances",
                    "Leave it out: each gets one from its own name");
        }
        return new MultiCreate(services, verbs, asking, checks).create(spec, min, max, options);
    }

    @Override
    public PlacementReport explain(InstanceSpec spec) {
        CreateRequest request = checks.check(spec, InstanceId.random(), 0);
        services.access()
                .require(
                        asking.caller(), Action.INSTANCE_READ_HOST, request.id().ref(), Optional.of(request.project()));
        if (request.forced()) {
            PlacementReport forced = services.placer()
                    .force(request.placement(), request.host().orElseThrow())
                    .report();
            return forced.withChosen(HostScheduler.accepted(forced).stream().findFirst());
        }
        return services.placer().explain(request.placement(), request.host());
    }

    @Override
    public Optional<PlacementReport> placement(InstanceId id) {
        return placementRow(id).map(PlacementRow::report);
    }

    @Override
    public Optional<PlacementReport> placement(InstanceId id, OperationId operation) {
        return placementRow(id).flatMap(row -> row.report(operation));
    }

    private Optional<PlacementRow> placementRow(InstanceId id) {
        return services.state().read(tx -> {
            asking.require(Action.INSTANCE_READ_HOST, asking.visible(tx, id).value());
            return services.state().placements().get(tx, id.toString()).map(Table.Entry::value);
        });
    }

    @Override
    public Instance get(InstanceId id) {
        return asking.view(services.state().read(tx -> asking.visible(tx, id)).value());
    }

    @Override
    public List<Instance> list() {
        return services.state().read(tx -> services.state().instances().readable(tx)).stream()
                .filter(row -> asking.may(Action.INSTANCE_READ, row))
                .map(asking::view)
                .sorted(Comparator.comparing(Instance::createdAt).thenComparing(Instance::id))
                .toList();
    }

    @Override
    public List<InstanceAction> actions(InstanceId id) {
        return details.actions(id);
    }

    @Override
    public Operation<Instance> start(InstanceId id, RequestOptions options) {
        return power(Verb.START, id, Duration.ZERO, options);
    }

    @Override
    public Operation<Instance> stop(InstanceId id, StopOptions how, RequestOptions options) {
        return power(Verb.STOP, id, how.cleanTimeout(), options);
    }

    @Override
    public Operation<Instance> reboot(InstanceId id, RebootKind kind, RequestOptions options) {
        return power(kind == RebootKind.SOFT ? Verb.REBOOT : Verb.REBOOT_HARD, id, Duration.ZERO, options);
    }

    @Override
    public Operation<Instance> pause(InstanceId id, RequestOptions options) {
        return power(Verb.PAUSE, id, Duration.ZERO, options);
    }

    @Override
    public Operation<Instance> unpause(InstanceId id, RequestOptions options) {
        return power(Verb.UNPAUSE, id, Duration.ZERO, options);
    }

    @Override
    public Operation<Instance> suspend(InstanceId id, RequestOptions options) {
        return power(Verb.SUSPEND, id, Duration.ZERO, options);
    }

    @Override
    public Operation<Instance> resume(InstanceId id, RequestOptions options) {
        return power(Verb.RESUME, id, Duration.ZERO, options);
    }

    private Operation<Instance> power(Verb verb, InstanceId id, Duration cleanTimeout, RequestOptions options) {
        PowerSaga.Request request = new PowerSaga.Request(id, verb, cleanTimeout);
        return asking.submit(verbs.power(verb), verb, id, request, options, request, Asking.Extra.NONE);
    }

    @Override
    public Operation<Instance> delete(InstanceId id, RequestOptions options) {
        return asking.delete(verbs.delete, Verb.DELETE, id, options);
    }

    @Override
    public Operation<Instance> forceDelete(InstanceId id, RequestOptions options) {
        return asking.delete(verbs.forceDelete, Verb.FORCE_DELETE, id, options);
    }

    @Override
    public Operation<Instance> restore(InstanceId id, RequestOptions options) {
        return asking.submit(
                verbs.restore,
                Verb.RESTORE,
                id,
                id,
                options,
                new RestoreSaga.Request(id),
                (tx, before) ->
                        charges.charge(tx, before.instance(), before.instance().flavor()));
    }

    @Override
    public Operation<Instance> rescue(InstanceId id, ImageId image, RequestOptions options) {
        RescueSaga.Request request = new RescueSaga.Request(id, checks.boot(image));
        return asking.submit(verbs.rescue, Verb.RESCUE, id, List.of(id, image), options, request, Asking.Extra.NONE);
    }

    @Override
    public Operation<Instance> unrescue(InstanceId id, RequestOptions options) {
        return asking.submit(
                verbs.unrescue, Verb.UNRESCUE, id, id, options, new UnrescueSaga.Request(id), Asking.Extra.NONE);
    }

    @Override
    public Operation<Instance> rebuild(InstanceId id, ImageId image, RequestOptions options) {
        InstanceRow.Boot boot = checks.boot(image);
        return asking.submit(
                verbs.rebuild,
                Verb.REBUILD,
                id,
                List.of(id, image),
                options,
                new RebuildSaga.Request(id, boot),
                (tx, before) -> checks.checkRebuild(before, boot.image()));
    }

    @Override
    public Operation<Instance> shelve(InstanceId id, RequestOptions options) {
        return asking.submit(
                verbs.shelve,
                Verb.SHELVE,
                id,
                id,
                options,
                new ShelveSaga.Request(id, Optional.of(ImageId.random()), "shelved-" + id),
                Asking.Extra.NONE);
    }

    @Override
    public Operation<Instance> shelveOffload(InstanceId id, RequestOptions options) {
        return asking.submit(
                verbs.offload,
                Verb.SHELVE_OFFLOAD,
                id,
                id,
                options,
                new ShelveSaga.Request(id, Optional.empty(), ""),
                Asking.Extra.NONE);
    }

    @Override
    public Operation<Instance> unshelve(InstanceId id, UnshelveSpec how, RequestOptions options) {
        return asking.submit(
                verbs.unshelve,
                Verb.UNSHELVE,
                id,
                List.of(id, how),
                options,
                new UnshelveSaga.Request(id, how),
                (tx, before) -> {
                    checks.checkUnshelve(tx, before, how);
                    charges.charge(tx, before.instance(), before.instance().flavor());
                });
    }

    @Override
    public Operation<Instance> resize(InstanceId id, String flavorName, RequestOptions options) {
        Flavor flavor = services.state()
                .read(tx -> services.flavors().usable(tx, asking.caller(), "resize.flavor", flavorName));
        return asking.submit(
                verbs.resize,
                Verb.RESIZE,
                id,
                List.of(id, flavorName),
                options,
                new ResizeSaga.Request(id, Optional.of(flavor), Optional.empty()),
                (tx, before) -> {
                    checks.checkResize(before, flavor);
                    charges.chargeLarger(
                            tx, before.instance(), before.instance().flavor(), flavor);
                });
    }

    /** Moves an instance while it is off. */
    public Operation<Instance> migrate(InstanceId id, Optional<HostId> target, RequestOptions options) {
        return asking.submit(
                verbs.migrate,
                Verb.MIGRATE,
                id,
                List.of(id, target.map(HostId::value).orElse("")),
                options,
                new ResizeSaga.Request(id, Optional.empty(), target),
                (tx, before) -> checks.checkTarget(tx, before, target));
    }

    /** Brings an instance of a dead host up elsewhere. */
    public Operation<Instance> evacuate(InstanceId id, EvacuationSpec spec, RequestOptions options) {
        EvacuateSaga.Request request = new EvacuateSaga.Request(id, spec.target(), spec.proof());
        return asking.submit(
                verbs.evacuate,
                Verb.EVACUATE,
                id,
                request,
                options,
                request,
                (tx, before) -> checks.checkEvacuation(tx, before, request));
    }

    @Override
    public Operation<Instance> confirmResize(InstanceId id, RequestOptions options) {
        return asking.submit(
                verbs.confirm, Verb.CONFIRM_RESIZE, id, id, options, new ConfirmSaga.Request(id), Asking.Extra.NONE);
    }

    @Override
    public Operation<Instance> revertResize(InstanceId id, RequestOptions options) {
        return asking.submit(
                verbs.revert, Verb.REVERT_RESIZE, id, id, options, new RevertSaga.Request(id), Asking.Extra.NONE);
    }

    @Override
    public Operation<Image> createImage(InstanceId id, String name, RequestOptions options) {
        CreateChecks.checkImageName(name);
        return asking.submit(
                verbs.createImage,
                Verb.CREATE_IMAGE,
                id,
                List.of(id, name),
                options,
                new SnapshotSaga.Request(id, ImageId.random(), name, Optional.empty(), 0),
                Asking.Extra.NONE);
    }

    @Override
    public Operation<Image> backup(InstanceId id, BackupSpec spec, RequestOptions options) {
        CreateChecks.checkImageName(spec.name());
        return asking.submit(
                verbs.backup,
                Verb.BACKUP,
                id,
                List.of(id, spec),
                options,
                new SnapshotSaga.Request(id, ImageId.random(), spec.name(), Optional.of(spec.type()), spec.rotation()),
                Asking.Extra.NONE);
    }

    @Override
    public Operation<Instance> triggerCrashDump(InstanceId id, RequestOptions options) {
        return guests.triggerCrashDump(id, options);
    }

    @Override
    public Operation<Instance> changePassword(InstanceId id, AdminPassword password, RequestOptions options) {
        return guests.changePassword(id, password, options);
    }

    @Override
    public InstanceDiagnostics diagnostics(InstanceId id) {
        return guests.diagnostics(id);
    }

    @Override
    public Instance update(InstanceId id, InstanceUpdate update) {
        return details.update(id, update);
    }

    @Override
    public Instance setMetadata(InstanceId id, Map<String, String> items) {
        return details.setMetadata(id, items);
    }

    @Override
    public Instance removeMetadata(InstanceId id, Set<String> keys) {
        return details.removeMetadata(id, keys);
    }

    @Override
    public Instance setTags(InstanceId id, Set<String> tags) {
        return details.setTags(id, tags);
    }

    @Override
    public Instance lock(InstanceId id, String reason) {
        return details.lock(id, reason);
    }

    @Override
    public Instance unlock(InstanceId id) {
        return details.unlock(id);
    }

    @Override
    public Instance resetState(InstanceId id, VmState state) {
        return details.resetState(id, state);
    }

    @Override
    public String consoleLog(InstanceId id, int maxBytes) {
        if (maxBytes < 1) {
            throw new InvalidRequest("consoleLog.maxBytes", maxBytes, "must be at least 1", "Ask for 1 byte or more");
        }
        Instance instance =
                services.state().read(tx -> asking.visible(tx, id)).value().instance();
        HostId host = Asking.requireHost(instance, "read the console of");
        return new String(services.hosts().connection(host).consoleLog(id, maxBytes), StandardCharsets.UTF_8);
    }
}
