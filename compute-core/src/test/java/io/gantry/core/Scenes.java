package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.core.operation.OperationProbe;
import io.gantry.driver.sim.SimFleet;
import io.gantry.host.AggregateSpec;
import io.gantry.host.Aggregates;
import io.gantry.host.HostId;
import io.gantry.host.HostState;
import io.gantry.image.DiskFormat;
import io.gantry.instance.AdminPassword;
import io.gantry.instance.BackupSpec;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceFault;
import io.gantry.instance.InstanceId;
import io.gantry.instance.Instances;
import io.gantry.instance.RebootKind;
import io.gantry.instance.StopOptions;
import io.gantry.instance.UnshelveSpec;
import io.gantry.instance.VmState;
import io.gantry.maintenance.DrainSpec;
import io.gantry.migration.EvacuationSpec;
import io.gantry.migration.LiveMigrationSpec;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import io.gantry.spi.fence.FencingProof;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** For each verb, what it takes to use it once: an instance in a state that admits it, and the call. */
enum Scenes {
    CREATE("create"),
    DELETE("delete"),
    DELETE_SOFTLY("delete"),
    DELETE_SHELVED("delete"),
    DELETE_BUSY("delete"),
    FORCE_DELETE("force-delete"),
    START("start"),
    STOP("stop"),
    REBOOT("reboot"),
    HARD_REBOOT("hard-reboot"),
    PAUSE("pause"),
    UNPAUSE("unpause"),
    SUSPEND("suspend"),
    RESUME("resume"),
    RESCUE("rescue"),
    UNRESCUE("unrescue"),
    REBUILD("rebuild"),
    SHELVE("shelve"),
    SHELVE_OFFLOAD("shelve-offload"),
    UNSHELVE("unshelve"),
    UNSHELVE_TO_ZONE("unshelve"),
    RESIZE("resize"),
    MIGRATE("migrate"),
    CONFIRM_RESIZE("confirm-resize"),
    REVERT_RESIZE("revert-resize"),
    LIVE_MIGRATE("live-migrate"),
    EVACUATE("evacuate"),
    CREATE_IMAGE("create-image"),
    BACKUP("backup"),
    TRIGGER_CRASH_DUMP("trigger-crash-dump"),
    CHANGE_PASSWORD("change-password"),
    RESTORE("restore"),
    RUN_PLAN("run-plan"),
    IMPORT_IMAGE("import-image");

    private static final RequestOptions NONE = RequestOptions.none();
    private static final HostId H1 = HostId.of("h1");
    private static final HostId H2 = HostId.of("h2");

    private static final String OLD_ZONE = "old-zone";
    private static final String NEW_ZONE = "new-zone";

    private static final String PASSWORD = "hunter2-hunter2";

    private final String verb;

    Scenes(String verb) {
        this.verb = verb;
    }

    String verb() {
        return verb;
    }

    /** {@return an engine over three hosts for the scene, with a directory of its own} */
    SimEngine open(Path directory, OperationProbe probe) {
        return open(directory, probe, false);
    }

    /** {@return an engine over three hosts for the scene, with a directory of its own; pinned or not} */
    SimEngine open(Path directory, OperationProbe probe, boolean pinned) {
        try {
            Path own = Files.createTempDirectory(directory, "scene-");
            SimEngine engine = pinned
                    ? PinnedHosts.open(own, 3, builder -> settings(builder, probe))
                    : SimEngine.open(own, 3, builder -> settings(builder, probe));
            engine.addLargeFlavor();
            return engine;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the settings of the scene's engines} */
    ComputeEngineBuilder settings(ComputeEngineBuilder builder, OperationProbe probe) {
        Duration kept = keeps() ? Duration.ofHours(1) : Duration.ZERO;
        return builder.probe(probe)
                .reclaimAfter(kept)
                .offloadAfter(kept)
                .syncInterval(Duration.ofMillis(200))
                .shutdownTimeout(Duration.ofMillis(200));
    }

    /** {@return whether the verb needs an engine that keeps deleted and shelved instances for a while} */
    private boolean keeps() {
        return this == RESTORE || this == DELETE_SOFTLY || this == SHELVE_OFFLOAD;
    }

    /** Brings an instance into a state from which the verb is possible. */
    InstanceId set(SimEngine engine) {
        Instances verbs = engine.compute().instances();
        if (this == CREATE || this == IMPORT_IMAGE) {
            return InstanceId.random();
        }
        InstanceId id = (this == UNSHELVE_TO_ZONE ? pinned(engine) : engine.createdOn(1, "scene")).id();
        switch (this) {
            case START -> await(verbs.stop(id, StopOptions.hard()));
            case UNPAUSE -> await(verbs.pause(id));
            case RESUME -> await(verbs.suspend(id));
            case UNRESCUE -> await(verbs.rescue(id, engine.image()));
            case SHELVE_OFFLOAD, UNSHELVE, UNSHELVE_TO_ZONE, DELETE_SHELVED -> await(verbs.shelve(id));
            case CONFIRM_RESIZE, REVERT_RESIZE ->
                await(engine.compute().migrations().cold(id, Optional.of(H2), NONE));
            case DELETE_BUSY -> {
                engine.fleet().guest(id).ignoreShutdown(true);
                verbs.stop(id, StopOptions.clean(SimEngine.PATIENCE));
            }
            case RESTORE -> await(verbs.delete(id));
            case EVACUATE -> {
                engine.host(1).powerFail();
                SimEngine.await(
                        "h1 is down", () -> engine.compute().hosts().get(H1).state() == HostState.DOWN);
            }
            default -> {}
        }
        return id;
    }

    /** {@return an instance that asked for the zone of host 1; hosts 2 and 3 are in the new one} */
    private static Instance pinned(SimEngine engine) {
        Aggregates aggregates = engine.compute().aggregates();
        for (String zone : new String[] {OLD_ZONE, NEW_ZONE}) {
            aggregates.create(AggregateSpec.builder(zone).zone(zone).build());
        }
        aggregates.addHost(OLD_ZONE, H1);
        aggregates.addHost(NEW_ZONE, H2);
        aggregates.addHost(NEW_ZONE, HostId.of("h3"));
        return engine.compute()
                .instances()
                .create(engine.spec("scene").zone(OLD_ZONE).build())
                .await(SimEngine.PATIENCE);
    }

    /** Checks what has come of the verb, whether or not it succeeded. */
    void check(SimEngine engine) {
        if (this == RUN_PLAN) {
            Instance instance = engine.compute().instances().list().get(0);
            assertEquals(VmState.ACTIVE, instance.state(), "it is as it was");
            assertEquals(1, engine.fleet().copies(instance.id()).size(), "it is there once");
            assertEquals(0, engine.rows("plan-run"), "no run is left");
        }
        if (this == TRIGGER_CRASH_DUMP) {
            Instance instance = engine.compute().instances().list().get(0);
            assertEquals(VmState.ACTIVE, instance.state(), "it is as it was");
            assertTrue(engine.fleet().guest(instance.id()).nmis() <= 1, "it is sent at most once");
        }
        if (this == CHANGE_PASSWORD) {
            Instance instance = engine.compute().instances().list().get(0);
            assertEquals(VmState.ACTIVE, instance.state(), "it is as it was");
            assertEquals(List.of(), engine.rowsWith(PASSWORD), "the password is nowhere in the store");
            boolean changed = engine.fleet().guest(instance.id()).acceptsPassword("root", PASSWORD);
            String fault = instance.fault().map(InstanceFault::message).orElse("");
            assertTrue(
                    changed
                            ? !fault.contains("was not changed")
                            : fault.contains("was not changed") || fault.contains("is unknown"),
                    () -> "changed: " + changed + ", told: " + fault);
        }
        if (this == UNSHELVE_TO_ZONE) {
            Instance instance = engine.compute().instances().list().get(0);
            Optional<String> there = instance.host().map(host -> NEW_ZONE);
            assertEquals(there, instance.zone(), "it is in the new zone or nowhere");
            assertEquals(Optional.of(there.orElse(OLD_ZONE)), instance.requestedZone(), "it stays where it came back");
        }
    }

    private static void await(Operation<?> operation) {
        operation.await(SimEngine.PATIENCE);
    }

    /** Uses the verb. */
    Operation<?> act(SimEngine engine, InstanceId id) {
        Instances verbs = engine.compute().instances();
        return switch (this) {
            case CREATE -> verbs.create(engine.spec("scene").build());
            case DELETE, DELETE_SOFTLY, DELETE_SHELVED, DELETE_BUSY -> verbs.delete(id);
            case FORCE_DELETE -> verbs.forceDelete(id, NONE);
            case START -> verbs.start(id);
            case STOP -> verbs.stop(id, StopOptions.clean(Duration.ofSeconds(5)));
            case REBOOT -> verbs.reboot(id, RebootKind.SOFT);
            case HARD_REBOOT -> verbs.reboot(id, RebootKind.HARD);
            case PAUSE -> verbs.pause(id);
            case UNPAUSE -> verbs.unpause(id);
            case SUSPEND -> verbs.suspend(id);
            case RESUME -> verbs.resume(id);
            case RESCUE -> verbs.rescue(id, engine.image());
            case UNRESCUE -> verbs.unrescue(id);
            case REBUILD -> verbs.rebuild(id, engine.image());
            case SHELVE -> verbs.shelve(id);
            case SHELVE_OFFLOAD -> verbs.shelveOffload(id);
            case UNSHELVE -> verbs.unshelve(id, UnshelveSpec.anywhere());
            case UNSHELVE_TO_ZONE -> verbs.unshelve(id, UnshelveSpec.zone(NEW_ZONE));
            case RESIZE -> verbs.resize(id, VerbTestBase.LARGE);
            case MIGRATE -> engine.compute().migrations().cold(id, Optional.of(H2), NONE);
            case CONFIRM_RESIZE -> verbs.confirmResize(id);
            case REVERT_RESIZE -> verbs.revertResize(id);
            case LIVE_MIGRATE ->
                engine.compute()
                        .migrations()
                        .live(id, LiveMigrationSpec.builder().target(H2).build());
            case EVACUATE ->
                engine.compute()
                        .migrations()
                        .evacuate(
                                id,
                                EvacuationSpec.proven(
                                        new FencingProof(H1, "operator", "the plug is pulled", Instant.EPOCH)),
                                NONE);
            case CREATE_IMAGE -> verbs.createImage(id, "snapshot");
            case BACKUP -> verbs.backup(id, new BackupSpec("backup", "daily", 1));
            case TRIGGER_CRASH_DUMP -> verbs.triggerCrashDump(id);
            case CHANGE_PASSWORD -> verbs.changePassword(id, AdminPassword.of(PASSWORD));
            case RESTORE -> verbs.restore(id, NONE);
            case RUN_PLAN ->
                engine.compute()
                        .maintenance()
                        .run(engine.compute().maintenance().drain(H1, DrainSpec.because("scene")));
            case IMPORT_IMAGE -> engine.startImport("imported", DiskFormat.RAW);
        };
    }

    /** Makes what the scene broke whole again. */
    void mend(SimFleet fleet) {
        if (this == EVACUATE) {
            fleet.host("h1").powerOn();
        }
    }
}
