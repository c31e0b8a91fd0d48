package io.gantry.core.migration;

import io.gantry.core.lifecycle.Asking;
import io.gantry.core.lifecycle.InstanceVerbs;
import io.gantry.core.lifecycle.Services;
import io.gantry.core.lifecycle.Verb;
import io.gantry.core.operation.OperationKind;
import io.gantry.migration.MigrationReport;

/** Live migration as a kind of operation, known to the engine that carries it on. */
public final class LiveMigrations {
    private final OperationKind<LiveMigration, MigrationReport> kind;

    /** Makes live migration known. */
    public LiveMigrations(Services services) {
        this.kind = services.operations()
                .register(new OperationKind<>(
                        Verb.LIVE_MIGRATE.word(),
                        LiveMigration.class,
                        MigrationReport.class,
                        request -> new LiveMigrationSaga(services, request)));
    }

    /** {@return a caller's verbs that move instances} */
    public MigrationVerbs of(Asking asking, InstanceVerbs instances) {
        return new MigrationVerbs(kind, asking, instances);
    }
}
