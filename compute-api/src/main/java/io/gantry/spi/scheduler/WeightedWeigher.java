package io.gantry.spi.scheduler;

import static java.util.Objects.requireNonNull;

import io.gantry.error.InvalidRequest;

/**
 * A weigher with its say.
 *
 * @param weigher the weigher
 * @param multiplier what its normalised value is multiplied by: finite; negative turns its preference round
 */
public record WeightedWeigher(HostWeigher weigher, double multiplier) {
    /**
     * Checks the parts.
     *
     * @param weigher see the record
     * @param multiplier see the record
     * @throws InvalidRequest if the multiplier is not finite, or negative where the weigher does not allow that
     */
    public WeightedWeigher {
        requireNonNull(weigher, "weigher");
        if (!Double.isFinite(multiplier)) {
            throw new InvalidRequest("weigher.multiplier", multiplier, "is not finite", "Use a number such as 1.0");
        }
        if (multiplier < 0 && !weigher.allowsNegativeMultiplier()) {
            throw new InvalidRequest(
                    "weigher.multiplier",
                    multiplier,
                    "is negative, which " + weigher.name() + " does not allow",
                    "Use 0 or more");
        }
    }
}
