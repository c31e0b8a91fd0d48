package io.gantry.core;

import io.gantry.host.Aggregate;
import io.gantry.host.AggregateSpec;
import io.gantry.host.AggregateUpdate;
import io.gantry.host.Aggregates;
import io.gantry.host.HostId;
import io.gantry.identity.Action;
import java.util.List;

/** The aggregates as far as a caller may see and change them. */
final class GuardedAggregates implements Aggregates {
    private final Aggregates guarded;
    private final Guard guard;

    GuardedAggregates(Aggregates guarded, Guard guard) {
        this.guarded = guarded;
        this.guard = guard;
    }

    @Override
    public Aggregate create(AggregateSpec spec) {
        requireWrite(spec.name());
        return guarded.create(spec);
    }

    private void requireWrite(String name) {
        guard.require(Action.AGGREGATE_WRITE, Aggregate.ref(name));
    }

    @Override
    public Aggregate get(String name) {
        guard.require(Action.AGGREGATE_READ, Aggregate.ref(name));
        return guarded.get(name);
    }

    @Override
    public List<Aggregate> list() {
        guard.require(Action.AGGREGATE_READ, Aggregate.ref("*"));
        return guarded.list();
    }

    @Override
    public Aggregate update(String name, AggregateUpdate update) {
        requireWrite(name);
        return guarded.update(name, update);
    }

    @Override
    public void delete(String name) {
        requireWrite(name);
        guarded.delete(name);
    }

    @Override
    public Aggregate addHost(String name, HostId host) {
        requireWrite(name);
        return guarded.addHost(name, host);
    }

    @Override
    public Aggregate removeHost(String name, HostId host) {
        requireWrite(name);
        return guarded.removeHost(name, host);
    }
}
