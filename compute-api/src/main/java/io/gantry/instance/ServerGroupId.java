package io.gantry.instance;

import static java.util.Objects.requireNonNull;

import io.gantry.error.InvalidRequest;
import io.gantry.error.ResourceRef;
import java.util.UUID;

/**
 * Identifies a server group. It is here since instances name theirs.
 *
 * @param value a UUID
 */
public record ServerGroupId(UUID value) implements Comparable<ServerGroupId> {
    /**
     * Checks that there is a value.
     *
     * @param value see the record
     */
    public ServerGroupId {
        requireNonNull(value, "value");
    }

    /** {@return a new random id} */
    public static ServerGroupId random() {
        return new ServerGroupId(UUID.randomUUID());
    }

    /**
     * {@return the id that the text shows}
     *
     * @param text a UUID
     * @throws InvalidRequest if it is no UUID
     */
    public static ServerGroupId of(String text) {
        try {
            return new ServerGroupId(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            throw new InvalidRequest(
                    "serverGroupId", text, "is no UUID", "List the server groups with compute.serverGroups().list()");
        }
    }

    /** {@return a reference for errors and events} */
    public ResourceRef ref() {
        return new ResourceRef("server-group", value.toString());
    }

    @Override
    public int compareTo(ServerGroupId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
