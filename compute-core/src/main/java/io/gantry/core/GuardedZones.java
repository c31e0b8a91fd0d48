package io.gantry.core;

import io.gantry.core.identity.AccessControl;
import io.gantry.host.Zone;
import io.gantry.host.ZoneName;
import io.gantry.host.Zones;
import io.gantry.identity.Action;
import io.gantry.identity.Caller;
import java.util.List;
import java.util.Optional;

/** The zones as far as a caller may see them: their hosts only if it may see hosts. */
final class GuardedZones implements Zones {
    private final Zones guarded;
    private final Guard guard;
    private final AccessControl access;
    private final Caller caller;

    GuardedZones(Zones guarded, Guard guard, AccessControl access, Caller caller) {
        this.guarded = guarded;
        this.guard = guard;
        this.access = access;
        this.caller = caller;
    }

    @Override
    public List<Zone> list() {
        guard.require(Action.ZONE_READ, ZoneName.ref("*"));
        if (access.permits(caller, Action.HOST_READ, Optional.empty())) {
            return guarded.list();
        }
        return guarded.list().stream()
                .map(zone -> new Zone(zone.name(), zone.available(), List.of()))
                .toList();
    }

    @Override
    public String defaultZone() {
        guard.require(Action.ZONE_READ, ZoneName.ref("*"));
        return guarded.defaultZone();
    }
}
