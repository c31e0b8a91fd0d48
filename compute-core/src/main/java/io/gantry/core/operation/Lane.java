package io.gantry.core.operation;

import io.gantry.host.HostId;

/** Where a step runs. Lanes have threads of their own, so that a host that hangs delays nobody but itself. */
public sealed interface Lane {
    /** Short work that waits for nothing but the store. */
    record Control() implements Lane {}

    /**
     * Calls to one host.
     *
     * @param host the host
     */
    record OnHost(HostId host) implements Lane {}

    /**
     * Migrations away from one host, which take long.
     *
     * @param source the host
     */
    record Migration(HostId source) implements Lane {}

    /**
     * Reading what guests of one host do.
     *
     * @param host the host
     */
    record Sync(HostId host) implements Lane {}

    /** Work that mostly waits, such as for a guest to shut down. */
    record Waiting() implements Lane {}
}
