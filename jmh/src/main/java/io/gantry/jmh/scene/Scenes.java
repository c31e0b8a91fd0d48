package io.gantry.jmh.scene;

import io.gantry.host.HostId;
import io.gantry.host.HostState;
import io.gantry.image.DiskFormat;
import io.gantry.image.ImageSpec;
import io.gantry.instance.AdminPassword;
import io.gantry.instance.BackupSpec;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.Instances;
import io.gantry.instance.RebootKind;
import io.gantry.instance.StopOptions;
import io.gantry.instance.UnshelveSpec;
import io.gantry.instance.VmState;
import io.gantry.maintenance.FleetLoad;
import io.gantry.maintenance.MigrationPlan;
import io.gantry.maintenance.MoveKind;
import io.gantry.maintenance.MovePrediction;
import io.gantry.maintenance.MoveSettings;
import io.gantry.maintenance.OnFailure;
import io.gantry.maintenance.PlanKind;
import io.gantry.maintenance.PlannedMove;
import io.gantry.migration.EvacuationSpec;
import io.gantry.migration.LiveMigrationSpec;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import io.gantry.spi.fence.FencingProof;
import io.gantry.unit.Bandwidth;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Every verb, each in the states in which it does different things. */
public final class Scenes {
    private static final RequestOptions NONE = RequestOptions.none();

    /** A plan that loses to another verb says so before whoever waits for it gives up. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final List<Scene> scenes = new ArrayList<>();

    private Scenes() {}

    public static List<Scene> all() {
        Scenes all = new Scenes();
        all.birthAndDeath();
        all.power();
        all.forms();
        all.shelves();
        all.moves();
        all.images();
        all.systems();
        return List.copyOf(all.scenes);
    }

    public static Scene named(String name) {
        return all().stream()
                .filter(scene -> scene.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No scene is named " + name));
    }

    private void add(String name, Scene.Setting setting, Scene.Request request) {
        add(name, false, setting, request);
    }

    private void addPrompt(String name, Scene.Setting setting, Scene.Request request) {
        add(name, true, setting, request);
    }

    private void add(String name, boolean prompt, Scene.Setting setting, Scene.Request request) {
        scenes.add(new Scene(verb(name), name, prompt, lastReversible(name), setting, request));
    }

    /** {@return the last step that a failure can follow on; what comes after it is only ever carried on forwards} */
    private static String lastReversible(String name) {
        return switch (name) {
            case "delete/soft" -> "power-off";
            case "delete/busy" -> "await-turn";
            default -> lastReversibleOf(verb(name));
        };
    }

    private static String lastReversibleOf(String verb) {
        return switch (verb) {
            case "delete", "force-delete" -> Scene.NONE;
            case "live-migrate" -> "prepare";
            case "revert-resize" -> "power-off";
            case "shelve-offload" -> Scene.NONE;
            default -> "";
        };
    }

    private static String verb(String name) {
        int slash = name.indexOf('/');
        return slash < 0 ? name : name.substring(0, slash);
    }

    private static InstanceId active(Stage stage) {
        return stage.active().id();
    }

    private static InstanceId booted(Stage stage) {
        return stage.booted().id();
    }

    /** {@return an active instance on which something was done} */
    private static Scene.Setting after(BiFunction<Instances, InstanceId, Operation<Instance>> first) {
        return after(Scenes::active, first);
    }

    /** {@return an instance on which something was done} */
    private static Scene.Setting after(
            Scene.Setting setting, BiFunction<Instances, InstanceId, Operation<Instance>> first) {
        return stage -> first.apply(stage.compute().instances(), setting.set(stage))
                .await(Stage.PATIENCE)
                .id();
    }

    private static Scene.Request on(Verb verb) {
        return (stage, id, options) -> verb.ask(stage.compute().instances(), id, options);
    }

    private interface Verb {
        Operation<?> ask(Instances instances, InstanceId id, RequestOptions options);
    }

    private static Operation<Instance> stop(Instances instances, InstanceId id) {
        return instances.stop(id, StopOptions.hard());
    }

    private static Operation<Instance> resize(Instances instances, InstanceId id) {
        return instances.resize(id, Stage.LARGE);
    }

    private void birthAndDeath() {
        addPrompt(
                "create",
                stage -> InstanceId.random(),
                (stage, id, options) -> stage.compute().instances().create(stage.spec(), options));
        addPrompt("delete", Scenes::active, on(Instances::delete));
        add("delete/soft", Scenes::active, on(Instances::delete));
        addPrompt("delete/busy", Scenes::stopping, on(Instances::delete));
        addPrompt("delete/stopped", after(Scenes::stop), on(Instances::delete));
        addPrompt("force-delete", Scenes::active, on(Instances::forceDelete));
        addPrompt("force-delete/resized", after(Scenes::booted, Scenes::resize), on(Instances::forceDelete));
        addPrompt("force-delete/offloaded", after(Instances::shelve), on(Instances::forceDelete));
        add("restore", after(Instances::delete), on(Instances::restore));
    }

    /** {@return an instance with a stop under way that only a cancellation ends soon} */
    private static InstanceId stopping(Stage stage) {
        InstanceId id = stage.deaf().id();
        stage.compute().instances().stop(id, StopOptions.clean(Stage.PATIENCE));
        return id;
    }

    private void power() {
        add("start", after(Scenes::stop), on(Instances::start));
        add("stop", Scenes::booted, on((instances, id, options) -> instances.stop(id, StopOptions.clean(), options)));
        add(
                "stop/hard",
                Scenes::active,
                on((instances, id, options) -> instances.stop(id, StopOptions.hard(), options)));
        add("reboot", Scenes::booted, on((instances, id, options) -> instances.reboot(id, RebootKind.SOFT, options)));
        add(
                "hard-reboot",
                Scenes::active,
                on((instances, id, options) -> instances.reboot(id, RebootKind.HARD, options)));
        add("pause", Scenes::active, on(Instances::pause));
        addPrompt("unpause", after(Instances::pause), on(Instances::unpause));
        addPrompt("suspend", Scenes::active, on(Instances::suspend));
        addPrompt("resume", after(Instances::suspend), on(Instances::resume));
    }

    private void forms() {
        add(
                "rescue",
                Scenes::active,
                (stage, id, options) -> stage.compute().instances().rescue(id, stage.image(), options));
        add(
                "unrescue",
                stage -> stage.compute()
                        .instances()
                        .rescue(active(stage), stage.image())
                        .await(Stage.PATIENCE)
                        .id(),
                on(Instances::unrescue));
        addPrompt(
                "rebuild",
                Scenes::booted,
                (stage, id, options) -> stage.compute().instances().rebuild(id, stage.image(), options));
        addPrompt(
                "rebuild/stopped",
                after(Scenes::stop),
                (stage, id, options) -> stage.compute().instances().rebuild(id, stage.image(), options));
    }

    private void shelves() {
        Verb unshelve = (instances, id, options) -> instances.unshelve(id, UnshelveSpec.anywhere(), options);
        add("shelve/kept", Scenes::active, on(Instances::shelve));
        addPrompt("shelve", Scenes::active, on(Instances::shelve));
        add("shelve-offload", after(Instances::shelve), on(Instances::shelveOffload));
        add("unshelve/kept", after(Instances::shelve), on(unshelve));
        add("unshelve", Scenes::offloaded, on(unshelve));
    }

    private static InstanceId offloaded(Stage stage) {
        Instances instances = stage.compute().instances();
        Instance shelved = instances.shelve(active(stage)).await(Stage.PATIENCE);
        if (shelved.state() == VmState.SHELVED) {
            instances.shelveOffload(shelved.id()).await(Stage.PATIENCE);
        }
        return shelved.id();
    }

    private void moves() {
        Verb resize = (instances, id, options) -> instances.resize(id, Stage.LARGE, options);
        addPrompt("resize", Scenes::booted, on(resize));
        addPrompt("resize/stopped", after(Scenes::stop), on(resize));
        addPrompt(
                "migrate",
                Scenes::booted,
                (stage, id, options) -> stage.compute().migrations().cold(id, Optional.empty(), options));
        addPrompt("confirm-resize", after(Scenes::booted, Scenes::resize), on(Instances::confirmResize));
        add("confirm-resize/migrated", Scenes::migrated, on(Instances::confirmResize));
        addPrompt("revert-resize", after(Scenes::booted, Scenes::resize), on(Instances::revertResize));
        add("revert-resize/migrated", Scenes::migrated, on(Instances::revertResize));
        addPrompt("live-migrate", Scenes::booted, Scenes::live);
        addPrompt("live-migrate/paused", after(Scenes::booted, Instances::pause), Scenes::live);
        add("run-plan", stage -> stage.activeOn(1).id(), Scenes::runPlan);
        addPrompt("evacuate", Scenes::onDeadHost, Scenes::evacuate);
    }

    private static Operation<?> live(Stage stage, InstanceId id, RequestOptions options) {
        return stage.compute().migrations().live(id, LiveMigrationSpec.anywhere(), options);
    }

    /** A plan of one move, the same each time it is asked for, that leaves its hosts enabled for the scenes to come. */
    private static Operation<?> runPlan(Stage stage, InstanceId id, RequestOptions options) {
        MovePrediction prediction =
                new MovePrediction(0, new Bandwidth(0), false, 1, Duration.ZERO, Duration.ZERO, Duration.ZERO);
        PlannedMove move = new PlannedMove(
                1,
                1,
                id,
                "scene",
                HostId.of(stage.hostNames().get(0)),
                HostId.of(stage.hostNames().get(1)),
                MoveKind.LIVE,
                prediction);
        FleetLoad load = new FleetLoad(Map.of());
        MigrationPlan plan = new MigrationPlan(
                PlanKind.REBALANCE,
                Optional.empty(),
                "",
                List.of(move),
                List.of(),
                load,
                load,
                Duration.ZERO,
                MoveSettings.builder().patience(PATIENCE).build());
        return stage.compute().maintenance().run(plan, OnFailure.CONTINUE, options);
    }

    private static InstanceId migrated(Stage stage) {
        return stage.compute()
                .migrations()
                .cold(booted(stage), Optional.empty(), NONE)
                .await(Stage.PATIENCE)
                .id();
    }

    private static InstanceId onDeadHost(Stage stage) {
        InstanceId id = stage.activeOn(1).id();
        HostId host = HostId.of(stage.hostNames().get(0));
        stage.machines().powerFail(host.value());
        while (stage.compute().hosts().get(host).state() != HostState.DOWN) {
            Inspection.pause();
        }
        return id;
    }

    private static Operation<?> evacuate(Stage stage, InstanceId id, RequestOptions options) {
        HostId dead = HostId.of(stage.hostNames().get(0));
        FencingProof proof = new FencingProof(dead, "power", "the machine room cut it", Instant.EPOCH);
        return stage.compute().migrations().evacuate(id, EvacuationSpec.proven(proof), options);
    }

    private void systems() {
        add("trigger-crash-dump", Scenes::active, on(Instances::triggerCrashDump));
        add("trigger-crash-dump/paused", after(Instances::pause), on(Instances::triggerCrashDump));
        add(
                "change-password",
                Scenes::booted,
                on((instances, id, options) ->
                        instances.changePassword(id, AdminPassword.of("correct horse"), options)));
    }

    private void images() {
        add("create-image", Scenes::active, on((instances, id, options) -> instances.createImage(id, "copy", options)));
        BackupSpec spec = new BackupSpec("nightly", "daily", 1);
        add(
                "backup",
                stage -> {
                    InstanceId id = active(stage);
                    stage.compute().instances().backup(id, spec).await(Stage.PATIENCE);
                    return id;
                },
                on((instances, id, options) -> instances.backup(id, spec, options)));
        addPrompt(
                "import-image",
                stage -> InstanceId.random(),
                (stage, id, options) -> stage.compute()
                        .images()
                        .importFile(
                                ImageSpec.builder("imported", DiskFormat.RAW).build(), stage.file()));
    }
}
