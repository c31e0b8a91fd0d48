package io.gantry.instance;

import io.gantry.error.InvalidRequest;
import io.gantry.error.ResourceRef;
import java.util.UUID;

/**
 * Identifies an instance; on a hypervisor it is also the guest's UUID.
 *
 * @param value a UUID
 */
public record InstanceId(UUID value) implements Comparable<InstanceId> {
    /** {@return a new random id} */
    public static InstanceId random() {
        return new InstanceId(UUID.randomUUID());
    }

    /**
     * {@return the id that the text shows}
     *
     * @param text a UUID
     * @throws InvalidRequest if it is no UUID
     */
    public static InstanceId of(String text) {
        try {
            return new InstanceId(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            throw new InvalidRequest(
                    "instanceId", text, "is no UUID", "List the instances with compute.instances().list()");
        }
    }

    /** {@return a reference for errors and events} */
    public ResourceRef ref() {
        return new ResourceRef("instance", value.toString());
    }

    @Override
    public int compareTo(InstanceId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
