package io.gantry.core;

import io.gantry.error.ResourceRef;
import io.gantry.host.Host;
import io.gantry.host.HostId;
import io.gantry.host.HostSpec;
import io.gantry.host.Hosts;
import io.gantry.identity.Action;
import java.util.List;

/** The hosts as far as a caller may see and change them. */
final class GuardedHosts implements Hosts {
    private final Hosts guarded;
    private final Guard guard;

    GuardedHosts(Hosts guarded, Guard guard) {
        this.guarded = guarded;
        this.guard = guard;
    }

    @Override
    public Host register(HostSpec spec) {
        guard.require(Action.HOST_WRITE, spec.id().ref());
        return guarded.register(spec);
    }

    @Override
    public Host get(HostId id) {
        guard.require(Action.HOST_READ, id.ref());
        return guarded.get(id);
    }

    @Override
    public List<Host> list() {
        guard.require(Action.HOST_READ, new ResourceRef("host", "*"));
        return guarded.list();
    }

    @Override
    public Host enable(HostId id) {
        guard.require(Action.HOST_WRITE, id.ref());
        return guarded.enable(id);
    }

    @Override
    public Host disable(HostId id, String reason) {
        guard.require(Action.HOST_WRITE, id.ref());
        return guarded.disable(id, reason);
    }

    @Override
    public void unregister(HostId id) {
        guard.require(Action.HOST_WRITE, id.ref());
        guarded.unregister(id);
    }
}
