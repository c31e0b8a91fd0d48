package io.gantry.driver.libvirt.port;

import java.util.UUID;

/**
 * A domain and its state.
 *
 * @param id its UUID
 * @param name its name
 * @param state a {@code virDomainState}
 * @param reason a reason of that state
 * @param saved whether it is off, and its memory is saved for its next start
 */
public record DomainStatus(UUID id, String name, int state, int reason, boolean saved) {
    /** {@code VIR_DOMAIN_NOSTATE}. */
    public static final int NOSTATE = 0;
    /** {@code VIR_DOMAIN_RUNNING}. */
    public static final int RUNNING = 1;
    /** {@code VIR_DOMAIN_BLOCKED}: running, and waiting for a resource. */
    public static final int BLOCKED = 2;
    /** {@code VIR_DOMAIN_PAUSED}. */
    public static final int PAUSED = 3;
    /** {@code VIR_DOMAIN_SHUTDOWN}: on its way to off. */
    public static final int SHUTDOWN = 4;
    /** {@code VIR_DOMAIN_SHUTOFF}. */
    public static final int SHUTOFF = 5;
    /** {@code VIR_DOMAIN_CRASHED}. */
    public static final int CRASHED = 6;
    /** {@code VIR_DOMAIN_PMSUSPENDED}: the guest sleeps. */
    public static final int PMSUSPENDED = 7;

    /** {@return whether a hypervisor process holds its memory} */
    public boolean isActive() {
        return state != SHUTOFF && state != NOSTATE && state != CRASHED;
    }
}
