package io.gantry.core.lifecycle;

import io.gantry.core.scheduler.Exclusion;
import io.gantry.placement.FilterResult;
import io.gantry.placement.Shortage;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * Rules out hosts that have no room for all of several like instances that have to be on one host: the first of them would
 * take the best host for itself, and the others would find none.
 */
final class RoomForAll implements Exclusion {
    private static final String NAME = "RoomForAll";

    private final PlacementRequest each;
    private final int count;

    /**
     * @param each what each of them needs
     * @param count how many are still to be placed, this one included; 1 or more
     */
    RoomForAll(PlacementRequest each, int count) {
        this.each = each;
        this.count = count;
    }

    @Override
    public Optional<FilterResult> of(HostView host) {
        return lack("vCPUs", each.vcpus(), host.freeVcpus(), amount -> amount + " vCPUs")
                .or(() -> lack(
                        "memory",
                        each.memory().bytes(),
                        host.freeMemory(),
                        amount -> new MemorySize(amount).toString()))
                .or(() -> lack(
                        "disk", each.localDisk().bytes(), host.freeDisk(), amount -> new DiskSize(amount).toString()));
    }

    private Optional<FilterResult> lack(String resource, long needed, long free, LongFunction<String> text) {
        // Where not even one has room, the filters say so in their own words.
        if (needed == 0 || free < needed || free / needed >= count) {
            return Optional.empty();
        }
        long missing = needed * count - free;
        return Optional.of(new FilterResult(
                NAME,
                Verdict.lacking(
                        "ROOM_FOR_ALL",
                        text.apply(needed) + " for each of " + count + " members",
                        text.apply(free),
                        new Shortage(resource, missing, text.apply(missing), true))));
    }
}
