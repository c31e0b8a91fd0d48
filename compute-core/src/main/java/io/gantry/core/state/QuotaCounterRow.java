package io.gantry.core.state;

import java.util.Map;

/**
 * The sum of the charges of one owner. Every charge of that owner updates this row, so that two never miss each other.
 *
 * @param owner {@code project:P}, {@code project:P/user:U} or {@code user:U}
 * @param used how much, by resource
 */
public record QuotaCounterRow(String owner, Map<String, Long> used) {
    /** Copies the amounts. */
    public QuotaCounterRow {
        used = Map.copyOf(used);
    }
}
