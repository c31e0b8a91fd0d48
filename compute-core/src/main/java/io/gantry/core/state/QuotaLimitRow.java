package io.gantry.core.state;

import java.util.Map;
import java.util.Optional;

/**
 * The limits that were set for one owner.
 *
 * @param owner {@code project:P}, {@code project:P/user:U} or {@code default}
 * @param project the project, unless these are the defaults
 * @param limits by resource; -1 is unlimited
 */
public record QuotaLimitRow(String owner, Optional<String> project, Map<String, Long> limits) {
    /** Copies the limits. */
    public QuotaLimitRow {
        limits = Map.copyOf(limits);
    }
}
