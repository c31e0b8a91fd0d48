package io.gantry.spi.fence;

import io.gantry.error.ComputeException;
import io.gantry.host.HostId;

/** Makes sure that a host runs nothing any more, such as by its management controller. Safe for use by many threads. */
@FunctionalInterface
public interface Fencer {
    /**
     * Fences a host: when this returns, no guest runs there, and none will by itself when the host comes back. Doing so
     * again does no harm.
     *
     * @param host the host
     * @return how that is known, for the record
     * @throws ComputeException if the host could not be fenced; its guests stay untouched then
     */
    FencingProof fence(HostId host);
}
