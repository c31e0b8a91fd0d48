package io.gantry.spi.driver;

import io.gantry.instance.InstanceId;
import java.util.Optional;

/**
 * A disk that Gantry made.
 *
 * @param instance whose it is
 * @param copy the copy's name; empty for a root disk
 * @param inUse whether a guest of the host that was asked has it as its root disk
 */
public record GuestDisk(InstanceId instance, Optional<String> copy, boolean inUse) {
    /**
     * {@return a copy that no guest uses as its root disk}
     *
     * @param instance whose it is
     * @param name the copy's name
     */
    public static GuestDisk copy(InstanceId instance, String name) {
        return new GuestDisk(instance, Optional.of(name), false);
    }
}
