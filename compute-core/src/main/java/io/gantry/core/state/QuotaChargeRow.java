package io.gantry.core.state;

import java.util.Map;

/**
 * What one consumer is charged.
 *
 * @param consumer what is charged for, such as {@code instance:ID}
 * @param project whose limits it counts against
 * @param user whose limits it counts against too
 * @param amounts how much, by resource
 */
public record QuotaChargeRow(String consumer, String project, String user, Map<String, Long> amounts) {
    /** Copies the amounts. */
    public QuotaChargeRow {
        amounts = Map.copyOf(amounts);
    }
}
