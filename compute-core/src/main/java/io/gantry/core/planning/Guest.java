package io.gantry.core.planning;

import io.gantry.host.HostId;
import io.gantry.host.HostUsage;
import io.gantry.instance.InstanceId;
import io.gantry.maintenance.MoveKind;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.topology.GuestPlacement;
import java.util.Optional;

/**
 * An instance that may be moved.
 *
 * @param name its name
 * @param host where it is
 * @param request what is placed
 * @param kind how it is moved
 * @param load its memory, or its disk as memory that nobody writes
 * @param placement which CPUs, pages and devices it has where it is, if it has some of its own
 */
public record Guest(
        String name,
        HostId host,
        PlacementRequest request,
        MoveKind kind,
        MemoryLoad load,
        Optional<GuestPlacement> placement) {
    /** Creates a guest without CPUs, pages and devices of its own. */
    public Guest(String name, HostId host, PlacementRequest request, MoveKind kind, MemoryLoad load) {
        this(name, host, request, kind, load, Optional.empty());
    }

    /** {@return which instance it is} */
    public InstanceId id() {
        return request.instance();
    }

    /** {@return what it claims on its host, and will on another one} */
    HostUsage claim() {
        return new HostUsage(1, Math.toIntExact(request.vcpus()), request.memory(), request.localDisk());
    }
}
