package io.gantry.audit;

import io.gantry.host.HostId;
import java.time.Instant;
import java.util.List;

/**
 * What an audit found. Instances on which an operation was at work, or that changed meanwhile, are left out: what is
 * found is a difference that stays.
 *
 * @param at when it was made
 * @param findings the differences, by kind and resource
 * @param silentHosts hosts that did not answer, of which nothing is known
 */
public record Audit(Instant at, List<Finding> findings, List<HostId> silentHosts) {
    /**
     * Copies the lists.
     *
     * @param at see the record
     * @param findings see the record
     * @param silentHosts see the record
     */
    public Audit {
        findings = List.copyOf(findings);
        silentHosts = List.copyOf(silentHosts);
    }

    /** {@return whether store, ledger and all hosts agree} */
    public boolean isEmpty() {
        return findings.isEmpty() && silentHosts.isEmpty();
    }
}
