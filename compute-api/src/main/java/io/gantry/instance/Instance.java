package io.gantry.instance;

import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.image.ImageId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * An instance as the engine last knew it.
 *
 * @param id its id
 * @param name its name; not unique
 * @param state its stable state
 * @param task what is being done to it, if anything
 * @param power what the hypervisor last said
 * @param host where it is; empty before a host is chosen and after a create that failed
 * @param flavor its size, as it was when the instance was created
 * @param image what it was created from
 * @param metadata the owner's key-value pairs
 * @param fault the last thing that went wrong; cleared by the next verb that succeeds
 * @param createdAt when it was asked for
 * @param updatedAt when it last changed
 */
public record Instance(
        InstanceId id,
        String name,
        VmState state,
        Optional<TaskState> task,
        PowerState power,
        Optional<HostId> host,
        Flavor flavor,
        ImageId image,
        Map<String, String> metadata,
        Optional<InstanceFault> fault,
        Instant createdAt,
        Instant updatedAt) {
    /**
     * Copies the metadata.
     *
     * @param id see the record
     * @param name see the record
     * @param state see the record
     * @param task see the record
     * @param power see the record
     * @param host see the record
     * @param flavor see the record
     * @param image see the record
     * @param metadata see the record
     * @param fault see the record
     * @param createdAt see the record
     * @param updatedAt see the record
     */
    public Instance {
        metadata = Map.copyOf(metadata);
    }
}
