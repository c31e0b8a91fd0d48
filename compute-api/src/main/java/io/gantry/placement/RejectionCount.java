package io.gantry.placement;

import static java.util.Objects.requireNonNull;

import io.gantry.error.InvalidRequest;
import java.util.Optional;

/**
 * How many hosts one filter rejected, where a report does not name each of them.
 *
 * @param filter the filter's name
 * @param code why it rejected them; empty where hosts were judged in bulk, without a reason for each
 * @param hosts how many, 1 or more
 */
public record RejectionCount(String filter, Optional<String> code, int hosts) {
    /**
     * Checks the parts.
     *
     * @param filter see the record
     * @param code see the record
     * @param hosts see the record
     * @throws InvalidRequest if it counts no host
     */
    public RejectionCount {
        requireNonNull(filter, "filter");
        requireNonNull(code, "code");
        if (hosts < 1) {
            throw new InvalidRequest("rejectionCount.hosts", hosts, "counts no host", "Leave the count out");
        }
    }

    /** {@return filter and code, such as {@code RamFilter/MEMORY}} */
    public String reason() {
        return code.map(known -> filter + "/" + known).orElse(filter);
    }
}
