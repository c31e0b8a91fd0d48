package io.gantry.spi.fence;

import io.gantry.error.InvalidRequest;
import io.gantry.host.HostId;
import java.time.Instant;

/**
 * Why a host is known to run nothing any more.
 *
 * @param host the host
 * @param method how it was fenced, such as {@code ipmi-power-off}, or {@code operator} for a person's word
 * @param evidence what proves it, in words; not blank
 * @param at when it was fenced
 */
public record FencingProof(HostId host, String method, String evidence, Instant at) {
    /**
     * Checks that it says something.
     *
     * @param host see the record
     * @param method see the record
     * @param evidence see the record
     * @param at see the record
     * @throws InvalidRequest if method or evidence is blank
     */
    public FencingProof {
        if (method.isBlank()) {
            throw new InvalidRequest("fencing.method", method, "is blank", "Say how the host was fenced");
        }
        if (evidence.isBlank()) {
            throw new InvalidRequest(
                    "fencing.evidence", evidence, "is blank", "Say how it is known that the host runs nothing");
        }
    }
}
