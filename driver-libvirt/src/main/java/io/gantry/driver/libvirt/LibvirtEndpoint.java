package io.gantry.driver.libvirt;

import io.gantry.host.HostId;
import java.time.Duration;

/**
 * Where a libvirt daemon is, and how long it may take to answer.
 *
 * @param host the host's id in the engine
 * @param uri a libvirt URI
 * @param callDeadline how long a small call may take
 */
public record LibvirtEndpoint(HostId host, String uri, Duration callDeadline) {
    /** How long a small call may take where nobody says otherwise. */
    public static final Duration DEFAULT_CALL_DEADLINE = Duration.ofSeconds(10);
}
