package io.gantry.driver.libvirt.port;

/**
 * One connection to one libvirt daemon. Its calls block, throw {@link LibvirtError}, and are made on platform threads
 * only. Safe for use by many threads until it is closed.
 */
public interface LibvirtPort {
    /** {@return calls about the host} */
    HostCalls host();

    /** {@return calls about its domains} */
    DomainCalls domains();

    /** {@return calls about migrations that start here} */
    MigrationCalls migrations();

    /** {@return calls about its storage} */
    StorageCalls storage();

    /** {@return whether the connection still stands, as far as this side knows; asks nobody} */
    boolean isAlive();

    /** Makes every further call fail, also the next one of a thread that is in a call now. Does not block. */
    void abandon();

    /** Frees the connection. No call is in progress and none follows. May block if the daemon does not answer. */
    void close();
}
