package io.gantry.core.migration;

import io.gantry.core.lifecycle.InstanceRows;
import io.gantry.core.lifecycle.Services;
import io.gantry.core.lifecycle.Verb;
import io.gantry.core.placement.Placer;
import io.gantry.error.NotFound;
import io.gantry.host.HostId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.migration.LiveMigrationSpec;
import io.gantry.migration.MigrationReport;
import io.gantry.migration.Migrations;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;

/** The verbs that move instances. */
public final class MigrationVerbs implements Migrations {
    private final Services services;
    private final Placer placer;
    private final InstanceRows rows;

    /** Creates the verbs. */
    public MigrationVerbs(Services services, Placer placer) {
        this.services = services;
        this.placer = placer;
        this.rows = new InstanceRows(services.state(), services.clock());
    }

    /** The part of a request that makes two of them equal. */
    private record MigrationKey(
            InstanceId instance, String target, long maxDowntimeMillis, long deadlineMillis, long maxBandwidth) {}

    @Override
    public Operation<MigrationReport> live(InstanceId id, LiveMigrationSpec spec, RequestOptions options) {
        MigrationKey key = new MigrationKey(
                id,
                spec.target().map(HostId::value).orElse(""),
                spec.maxDowntime().toMillis(),
                spec.deadline().toMillis(),
                spec.maxBandwidth().bytesPerSecond());
        return services.operations().submit(key, options, (tx, operation) -> {
            spec.target()
                    .filter(target ->
                            services.state().hosts().get(tx, target.value()).isEmpty())
                    .ifPresent(target -> {
                        throw new NotFound(target.ref(), "List the hosts with compute.hosts().list()");
                    });
            Instance before = rows.take(tx, id, Verb.LIVE_MIGRATE, operation);
            return new LiveMigrationSaga(services, placer, spec, before);
        });
    }
}
