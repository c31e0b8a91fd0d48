package io.gantry.core.lifecycle;

import io.gantry.core.operation.OperationEngine;
import io.gantry.core.operation.OperationKind;
import io.gantry.core.operation.Saga;
import io.gantry.image.Image;
import io.gantry.instance.Instance;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The verbs on instances as kinds of operations, known to the engine that carries them on. */
public final class VerbRegistry {
    private static final Set<Verb> POWER = Set.of(
            Verb.START, Verb.STOP, Verb.REBOOT, Verb.REBOOT_HARD, Verb.PAUSE, Verb.UNPAUSE, Verb.SUSPEND, Verb.RESUME);

    private final OperationEngine operations;
    private final Map<Verb, OperationKind<PowerSaga.Request, Instance>> power = new EnumMap<>(Verb.class);
    final OperationKind<CreateRequest, Instance> create;
    final OperationKind<DeleteSaga.Request, Instance> delete;
    final OperationKind<DeleteSaga.Request, Instance> forceDelete;
    final OperationKind<RestoreSaga.Request, Instance> restore;
    final OperationKind<RescueSaga.Request, Instance> rescue;
    final OperationKind<UnrescueSaga.Request, Instance> unrescue;
    final OperationKind<RebuildSaga.Request, Instance> rebuild;
    final OperationKind<SnapshotSaga.Request, Image> createImage;
    final OperationKind<SnapshotSaga.Request, Image> backup;
    final OperationKind<ShelveSaga.Request, Instance> shelve;
    final OperationKind<ShelveSaga.Request, Instance> offload;
    final OperationKind<UnshelveSaga.Request, Instance> unshelve;
    final OperationKind<ResizeSaga.Request, Instance> resize;
    final OperationKind<ResizeSaga.Request, Instance> migrate;
    final OperationKind<ConfirmSaga.Request, Instance> confirm;
    final OperationKind<RevertSaga.Request, Instance> revert;
    final OperationKind<EvacuateSaga.Request, Instance> evacuate;
    final OperationKind<CrashDumpSaga.Request, Instance> crashDump;
    final OperationKind<ChangePasswordSaga.Request, Instance> changePassword;
    final PasswordsInHand passwords = new PasswordsInHand();

    /** Makes the verbs known. */
    public VerbRegistry(Services services) {
        this.operations = services.operations();
        POWER.forEach(verb ->
                power.put(verb, kind(verb, PowerSaga.Request.class, request -> new PowerSaga(services, request))));
        this.create = operations.register(new OperationKind<>(
                CreateSaga.VERB, CreateRequest.class, Instance.class, request -> new CreateSaga(services, request)));
        this.delete = kind(Verb.DELETE, DeleteSaga.Request.class, request -> new DeleteSaga(services, request));
        this.forceDelete =
                kind(Verb.FORCE_DELETE, DeleteSaga.Request.class, request -> new DeleteSaga(services, request));
        this.restore = kind(Verb.RESTORE, RestoreSaga.Request.class, request -> new RestoreSaga(services, request));
        this.rescue = kind(Verb.RESCUE, RescueSaga.Request.class, request -> new RescueSaga(services, request));
        this.unrescue = kind(Verb.UNRESCUE, UnrescueSaga.Request.class, request -> new UnrescueSaga(services, request));
        this.rebuild = kind(Verb.REBUILD, RebuildSaga.Request.class, request -> new RebuildSaga(services, request));
        this.createImage = operations.register(new OperationKind<>(
                Verb.CREATE_IMAGE.word(),
                SnapshotSaga.Request.class,
                Image.class,
                request -> new SnapshotSaga(services, request)));
        this.backup = operations.register(new OperationKind<>(
                Verb.BACKUP.word(),
                SnapshotSaga.Request.class,
                Image.class,
                request -> new SnapshotSaga(services, request)));
        this.shelve = kind(Verb.SHELVE, ShelveSaga.Request.class, request -> new ShelveSaga(services, request));
        this.offload =
                kind(Verb.SHELVE_OFFLOAD, ShelveSaga.Request.class, request -> new ShelveSaga(services, request));
        this.unshelve = kind(Verb.UNSHELVE, UnshelveSaga.Request.class, request -> new UnshelveSaga(services, request));
        this.resize = kind(Verb.RESIZE, ResizeSaga.Request.class, request -> new ResizeSaga(services, request));
        this.migrate = kind(Verb.MIGRATE, ResizeSaga.Request.class, request -> new ResizeSaga(services, request));
        this.confirm =
                kind(Verb.CONFIRM_RESIZE, ConfirmSaga.Request.class, request -> new ConfirmSaga(services, request));
        this.revert = kind(Verb.REVERT_RESIZE, RevertSaga.Request.class, request -> new RevertSaga(services, request));
        this.evacuate = kind(Verb.EVACUATE, EvacuateSaga.Request.class, request -> new EvacuateSaga(services, request));
        this.crashDump = kind(
                Verb.TRIGGER_CRASH_DUMP, CrashDumpSaga.Request.class, request -> new CrashDumpSaga(services, request));
        this.changePassword = kind(
                Verb.CHANGE_PASSWORD,
                ChangePasswordSaga.Request.class,
                request -> new ChangePasswordSaga(services, passwords, request));
    }

    private <Q> OperationKind<Q, Instance> kind(Verb verb, Class<Q> request, Function<Q, Saga<Instance>> saga) {
        return operations.register(new OperationKind<>(verb.word(), request, Instance.class, saga));
    }

    OperationKind<PowerSaga.Request, Instance> power(Verb verb) {
        OperationKind<PowerSaga.Request, Instance> kind = power.get(verb);
        if (kind == null) {
            throw new IllegalArgumentException(verb + " is no power verb");
        }
        return kind;
    }
}
