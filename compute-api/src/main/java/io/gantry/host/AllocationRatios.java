package io.gantry.host;

import io.gantry.error.InvalidRequest;

/**
 * How far a host's resources may be over-committed: capacity = total x ratio. The defaults are Nova's initial ratios.
 *
 * @param vcpus more than 0
 * @param memory more than 0
 * @param disk more than 0
 */
public record AllocationRatios(double vcpus, double memory, double disk) {
    /** 4.0 for vCPUs, 1.0 for memory and disk. */
    public static final AllocationRatios DEFAULT = new AllocationRatios(4.0, 1.0, 1.0);

    /**
     * Checks the ranges.
     *
     * @param vcpus see the record
     * @param memory see the record
     * @param disk see the record
     * @throws InvalidRequest if a ratio is not a positive finite number
     */
    public AllocationRatios {
        check("vcpus", vcpus);
        check("memory", memory);
        check("disk", disk);
    }

    private static void check(String resource, double ratio) {
        if (!(ratio > 0) || Double.isInfinite(ratio)) {
            throw new InvalidRequest(
                    "allocationRatio." + resource, ratio, "must be a positive number", "1.0 means no over-commitment");
        }
    }
}
