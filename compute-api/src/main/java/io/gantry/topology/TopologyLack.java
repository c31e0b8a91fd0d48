package io.gantry.topology;

/**
 * Why a guest's topology or devices do not fit onto a host.
 *
 * @param code stable, upper-case reason, such as {@code DEDICATED_CPUS}
 * @param needed what the guest needs, for a person
 * @param free what the host has to give, for a person: of cells the best one
 * @param resource what is short, in words
 * @param missing how much of it is missing, more than 0; 0 where it is no matter of an amount
 * @param unit the unit of what is missing, with a blank before it where it is a word of its own
 * @param freeable whether the guest would fit onto the host if nobody else were there
 */
public record TopologyLack(
        String code, String needed, String free, String resource, long missing, String unit, boolean freeable) {}
