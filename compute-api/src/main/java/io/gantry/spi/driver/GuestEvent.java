package io.gantry.spi.driver;

import io.gantry.instance.InstanceId;

/**
 * A guest changed. A hint: the receiver reads the guest's state before it acts on it.
 *
 * @param guest the guest
 * @param kind what happened
 * @param reason the hypervisor's own words
 */
public record GuestEvent(InstanceId guest, Kind kind, String reason) {
    /** What can happen to a guest. */
    public enum Kind {
        /** It was powered on, or arrived by migration. */
        STARTED,
        /** Its vCPUs were stopped. */
        PAUSED,
        /** Its vCPUs run again. */
        RESUMED,
        /** It rebooted without leaving its hypervisor process. */
        REBOOTED,
        /** It is off, crashed, or left by migration. */
        STOPPED,
        /** It was removed from the host. */
        REMOVED
    }
}
