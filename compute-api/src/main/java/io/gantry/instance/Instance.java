package io.gantry.instance;

import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.identity.ProjectId;
import io.gantry.identity.UserId;
import io.gantry.image.ImageId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An instance as the engine last knew it, and as far as the caller may see it.
 *
 * @param id its id
 * @param project whose it is
 * @param user who created it
 * @param name its name; not unique
 * @param description free text
 * @param hostname what its guest calls itself
 * @param state its stable state
 * @param task what is being done to it, if anything
 * @param power what the hypervisor last said
 * @param host where it is; empty before a host is chosen, while it is on none, and for callers who may not see hosts
 * @param zone the availability zone of that host; empty while it is on none. Who may not see hosts sees this
 * @param requestedZone the zone that it asked for and stays in; empty if it may be moved to any
 * @param flavor its size, as the flavor was when the instance got it
 * @param image what its root disk was made from
 * @param metadata the owner's key-value pairs
 * @param tags the owner's tags
 * @param lock who keeps others from changing it, if anybody does
 * @param keyName the name of the key pair that it was created with
 * @param group the server group that it was created in; empty if it was in none, or the group is gone
 * @param fault the last thing that went wrong; cleared by the next verb that succeeds
 * @param createdAt when it was asked for
 * @param updatedAt when it last changed
 */
public record Instance(
        InstanceId id,
        ProjectId project,
        UserId user,
        String name,
        Optional<String> description,
        String hostname,
        VmState state,
        Optional<TaskState> task,
        PowerState power,
        Optional<HostId> host,
        Optional<String> zone,
        Optional<String> requestedZone,
        Flavor flavor,
        ImageId image,
        Map<String, String> metadata,
        Set<String> tags,
        Optional<InstanceLock> lock,
        Optional<String> keyName,
        Optional<ServerGroupId> group,
        Optional<InstanceFault> fault,
        Instant createdAt,
        Instant updatedAt) {
    /**
     * Copies metadata and tags.
     *
     * @param id see the record
     * @param project see the record
     * @param user see the record
     * @param name see the record
     * @param description see the record
     * @param hostname see the record
     * @param state see the record
     * @param task see the record
     * @param power see the record
     * @param host see the record
     * @param zone see the record
     * @param requestedZone see the record
     * @param flavor see the record
     * @param image see the record
     * @param metadata see the record
     * @param tags see the record
     * @param lock see the record
     * @param keyName see the record
     * @param group see the record
     * @param fault see the record
     * @param createdAt see the record
     * @param updatedAt see the record
     */
    public Instance {
        metadata = Map.copyOf(metadata);
        tags = Set.copyOf(tags);
    }
}
