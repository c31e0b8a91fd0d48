package io.gantry.topology;

/** Where a device may be, seen from the host cells that the guest is on; of no meaning for guests without topology. */
public enum PciNumaPolicy {
    /** On one of the guest's cells, or on none that the host names. */
    LEGACY,
    /** Anywhere, on one of the guest's cells if possible. */
    PREFERRED,
    /** On one of the guest's cells. */
    REQUIRED,
    /** On the socket of one of the guest's cells. */
    SOCKET
}
