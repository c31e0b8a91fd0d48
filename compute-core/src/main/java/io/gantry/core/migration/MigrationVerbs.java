package io.gantry.core.migration;

import io.gantry.core.lifecycle.Asking;
import io.gantry.core.lifecycle.InstanceVerbs;
import io.gantry.core.lifecycle.Verb;
import io.gantry.core.operation.OperationKind;
import io.gantry.host.HostId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.migration.EvacuationSpec;
import io.gantry.migration.LiveMigrationSpec;
import io.gantry.migration.MigrationReport;
import io.gantry.migration.Migrations;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import java.util.Optional;

/** One caller's verbs that move instances. */
public final class MigrationVerbs implements Migrations {
    private final OperationKind<LiveMigration, MigrationReport> live;
    private final Asking asking;
    private final InstanceVerbs instances;

    MigrationVerbs(OperationKind<LiveMigration, MigrationReport> live, Asking asking, InstanceVerbs instances) {
        this.live = live;
        this.asking = asking;
        this.instances = instances;
    }

    @Override
    public Operation<MigrationReport> live(InstanceId id, LiveMigrationSpec spec, RequestOptions options) {
        LiveMigration request = LiveMigration.of(id, spec);
        return asking.submit(
                live,
                Verb.LIVE_MIGRATE,
                id,
                request,
                options,
                request,
                (tx, before) -> spec.target().ifPresent(target -> asking.requireHost(tx, target)));
    }

    @Override
    public Operation<Instance> cold(InstanceId id, Optional<HostId> target, RequestOptions options) {
        return instances.migrate(id, target, options);
    }

    @Override
    public Operation<Instance> evacuate(InstanceId id, EvacuationSpec spec, RequestOptions options) {
        return instances.evacuate(id, spec, options);
    }
}
