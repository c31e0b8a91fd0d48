package io.gantry.core.maintenance;

import io.gantry.core.lifecycle.Asking;
import io.gantry.core.lifecycle.InstanceVerbs;
import io.gantry.core.lifecycle.Services;
import io.gantry.core.lifecycle.VerbRegistry;
import io.gantry.core.migration.LiveMigrations;
import io.gantry.core.migration.MigrationVerbs;
import io.gantry.core.state.InstanceRow;
import io.gantry.core.state.Table;
import io.gantry.identity.Caller;
import io.gantry.instance.VmState;
import io.gantry.maintenance.MoveKind;
import io.gantry.maintenance.MoveSettings;
import io.gantry.migration.LiveMigrationSpec;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationId;
import io.gantry.operation.RequestOptions;
import java.util.Optional;

/**
 * The verbs that a run uses, on behalf of whoever asked for it. Each has a token of the run, so that asking again after a
 * crash finds what was asked before.
 */
final class MoveCalls {
    private final Services services;
    private final OperationId run;
    private final InstanceVerbs instances;
    private final MigrationVerbs migrations;
    private final MoveSettings settings;

    MoveCalls(
            Services services,
            VerbRegistry verbs,
            LiveMigrations live,
            Caller caller,
            OperationId run,
            MoveSettings settings) {
        this.services = services;
        this.run = run;
        Asking asking = new Asking(services, caller);
        this.instances = new InstanceVerbs(services, verbs, asking);
        this.migrations = live.of(asking, instances);
        this.settings = settings;
    }

    /** Begins a move, or finds it begun. */
    Operation<?> begin(MoveRecord move) {
        RunRequest.Move what = move.move();
        if (what.kind() == MoveKind.COLD) {
            return migrations.cold(what.instance(), Optional.of(what.target()), token(move, "cold"));
        }
        LiveMigrationSpec spec = LiveMigrationSpec.builder()
                .target(what.target())
                .maxDowntime(settings.maxDowntime())
                .deadline(settings.deadline())
                .build();
        return migrations.live(what.instance(), spec, token(move, "live"));
    }

    /** Confirms a cold move, so that its source is given back. */
    Operation<?> confirm(MoveRecord move) {
        return instances.confirmResize(move.move().instance(), token(move, "confirm"));
    }

    /** {@return whether a cold move is made and waits to be confirmed} */
    boolean isUnconfirmed(MoveRecord move) {
        return row(move)
                .filter(row -> row.instance().state() == VmState.RESIZED)
                .flatMap(InstanceRow::resized)
                .filter(resized -> resized.source().equals(move.move().source()))
                .isPresent();
    }

    Optional<InstanceRow> row(MoveRecord move) {
        return services.state()
                .read(tx -> services.state()
                        .instances()
                        .get(tx, move.move().instance().toString()))
                .map(Table.Entry::value);
    }

    private RequestOptions token(MoveRecord move, String verb) {
        return RequestOptions.idempotencyToken("plan-" + run + "-" + move.number() + "-" + move.attempt() + "-" + verb);
    }
}
