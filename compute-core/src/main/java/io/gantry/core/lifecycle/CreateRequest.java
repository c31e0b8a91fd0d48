package io.gantry.core.lifecycle;

import io.gantry.core.state.Hints;
import io.gantry.core.state.InstanceRow;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.identity.ProjectId;
import io.gantry.identity.UserId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.instance.ServerGroupId;
import io.gantry.instance.TaskState;
import io.gantry.instance.VmState;
import io.gantry.operation.OperationId;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.unit.DiskSize;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A checked request to create an instance.
 *
 * @param id the new instance's id
 * @param project whose it is
 * @param user who creates it
 * @param name its name
 * @param description free text
 * @param hostname what its guest calls itself
 * @param flavor its size
 * @param boot what it boots from
 * @param host the requested host, if one is
 * @param forced whether no filter is asked about that host
 * @param zone the zone that it asks for, if it asks for one
 * @param group the server group that it joins, if it joins one
 * @param metadata the owner's key-value pairs
 * @param tags the owner's tags
 * @param keyName the name of the key pair, if one is put into the guest
 * @param settings what the guest is given at its first boot
 * @param hints what the scheduler is told; none in requests of earlier versions
 */
record CreateRequest(
        InstanceId id,
        ProjectId project,
        UserId user,
        String name,
        Optional<String> description,
        String hostname,
        Flavor flavor,
        InstanceRow.Boot boot,
        Optional<HostId> host,
        boolean forced,
        Optional<String> zone,
        Optional<ServerGroupId> group,
        Map<String, String> metadata,
        Set<String> tags,
        Optional<String> keyName,
        InstanceRow.Settings settings,
        Hints hints) {
    CreateRequest {
        hints = hints == null ? Hints.NONE : hints;
    }

    DiskSize rootDisk() {
        return Guests.rootDisk(flavor, boot.image());
    }

    PlacementRequest placement() {
        return PlacementRequest.builder(id, project, flavor, boot.image())
                .rootDisk(rootDisk())
                .zone(zone)
                .metadata(metadata)
                .groupId(group)
                .hints(hints.typed())
                .build();
    }

    /** {@return the row of the new instance, of which an operation has the task} */
    InstanceRow row(OperationId operation, Instant now) {
        Instance instance = new Instance(
                id,
                project,
                user,
                name,
                description,
                hostname,
                VmState.BUILDING,
                Optional.of(TaskState.SCHEDULING),
                PowerState.NOSTATE,
                Optional.empty(),
                Optional.empty(),
                zone,
                flavor,
                boot.image().id(),
                metadata,
                tags,
                Optional.empty(),
                keyName,
                group,
                Optional.empty(),
                now,
                now);
        return new InstanceRow(
                instance,
                boot,
                rootDisk(),
                settings,
                1,
                Optional.of(operation),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                hints);
    }
}
