package io.gantry.placement;

import io.gantry.error.InvalidRequest;

/**
 * What a provider has of one resource class, and in which amounts it gives it away.
 *
 * @param total how much there is, 0 or more
 * @param reserved how much of it is not for guests, 0 or more; more than the total leaves nothing
 * @param minUnit the least amount that one claim may take, 1 or more
 * @param maxUnit the greatest amount that one claim may take, {@code minUnit} or more
 * @param stepSize what each amount must be a multiple of, 1 or more
 * @param allocationRatio how far it may be over-committed, more than 0
 */
public record Inventory(long total, long reserved, long minUnit, long maxUnit, long stepSize, double allocationRatio) {
    /** The {@code maxUnit} of an inventory that sets none. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    /**
     * Checks the ranges.
     *
     * @param total see the record
     * @param reserved see the record
     * @param minUnit see the record
     * @param maxUnit see the record
     * @param stepSize see the record
     * @param allocationRatio see the record
     * @throws InvalidRequest if a value is out of its range
     */
    public Inventory {
        require("total", total, 0);
        require("reserved", reserved, 0);
        require("minUnit", minUnit, 1);
        require("maxUnit", maxUnit, minUnit);
        require("stepSize", stepSize, 1);
        if (!(allocationRatio > 0) || Double.isInfinite(allocationRatio)) {
            throw new InvalidRequest(
                    "inventory.allocationRatio",
                    allocationRatio,
                    "must be a positive number",
                    "1.0 means no over-commitment");
        }
    }

    /**
     * {@return an inventory that gives away all it has, in any amounts, without over-commitment}
     *
     * @param total how much there is
     * @throws InvalidRequest if it is negative
     */
    public static Inventory of(long total) {
        return new Inventory(total, 0, 1, UNLIMITED, 1, 1.0);
    }

    /**
     * {@return the inventory with another total}
     *
     * @param amount the total
     */
    public Inventory withTotal(long amount) {
        return new Inventory(amount, reserved, minUnit, maxUnit, stepSize, allocationRatio);
    }

    /**
     * {@return the inventory with another reserve}
     *
     * @param amount the reserve
     */
    public Inventory withReserved(long amount) {
        return new Inventory(total, amount, minUnit, maxUnit, stepSize, allocationRatio);
    }

    /**
     * {@return the inventory with other units}
     *
     * @param min the least amount of a claim
     * @param max the greatest amount of a claim
     * @param step what amounts must be multiples of
     */
    public Inventory withUnits(long min, long max, long step) {
        return new Inventory(total, reserved, min, max, step, allocationRatio);
    }

    /**
     * {@return the inventory with another allocation ratio}
     *
     * @param ratio the ratio
     */
    public Inventory withAllocationRatio(double ratio) {
        return new Inventory(total, reserved, minUnit, maxUnit, stepSize, ratio);
    }

    /** {@return how much may be claimed in all: (total - reserved) x ratio, rounded down; never negative} */
    public long capacity() {
        long usable = Math.max(0, total - reserved);
        return allocationRatio == 1.0 ? usable : (long) Math.floor(usable * allocationRatio);
    }

    /**
     * {@return whether one claim may take this amount, room aside: not below minUnit, not above maxUnit, in whole steps}
     *
     * @param amount the amount
     */
    public boolean allows(long amount) {
        return minUnit <= amount && amount <= maxUnit && amount % stepSize == 0;
    }

    private static void require(String field, long value, long least) {
        if (value < least) {
            throw new InvalidRequest(
                    "inventory." + field,
                    value,
                    "must be at least " + least,
                    "Give a whole number from " + least + " on");
        }
    }
}
