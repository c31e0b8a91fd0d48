package io.gantry.spi.driver;

import io.gantry.error.HostUnreachable;
import io.gantry.error.InvalidRequest;

/**
 * A kind of hypervisor. One object serves all hosts of its kind; it is registered with the engine's builder and closed
 * by the engine.
 *
 * <p>Implementations are safe for use by many threads. A driver that passes {@code HypervisorDriverContract} of
 * {@code compute-tck} works with the engine.
 */
public interface HypervisorDriver extends AutoCloseable {
    /** {@return the name by which hosts refer to this driver, unique within one engine: lower case, such as {@code kvm}} */
    String name();

    /**
     * Connects to one host and reads enough to know that it answers.
     *
     * @param endpoint which host
     * @param listener told what happens there, from the driver's threads, one call at a time; may be called before this
     *     method returns
     * @return the connection, which keeps itself alive: when the host goes away and comes back, it works again
     * @throws HostUnreachable if the host does not answer
     * @throws InvalidRequest if a property has a value that the driver refuses, or a name that it does not know
     */
    HostConnection connect(HostEndpoint endpoint, HostListener listener);

    /** Releases what the driver holds beside its connections. Closing twice does nothing. */
    @Override
    default void close() {}
}
