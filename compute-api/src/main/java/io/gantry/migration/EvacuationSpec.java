package io.gantry.migration;

import io.gantry.host.HostId;
import io.gantry.spi.fence.FencingProof;
import java.util.Optional;

/**
 * How to evacuate an instance from a dead host.
 *
 * @param target the host to go to, which still has to pass the filters; empty for the scheduler's choice
 * @param proof why the instance's host is known to be dead; empty to have the engine's fencer prove it
 */
public record EvacuationSpec(Optional<HostId> target, Optional<FencingProof> proof) {
    /** {@return to wherever the scheduler chooses, with a proof from the engine's fencer} */
    public static EvacuationSpec fenced() {
        return new EvacuationSpec(Optional.empty(), Optional.empty());
    }

    /**
     * {@return to wherever the scheduler chooses}
     *
     * @param proof why the instance's host is known to be dead
     */
    public static EvacuationSpec proven(FencingProof proof) {
        return new EvacuationSpec(Optional.empty(), Optional.of(proof));
    }

    /**
     * {@return the same, to one host}
     *
     * @param host the host
     */
    public EvacuationSpec to(HostId host) {
        return new EvacuationSpec(Optional.of(host), proof);
    }
}
