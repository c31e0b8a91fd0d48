package io.gantry.core.planning;

/**
 * What a guest's memory means for its migration.
 *
 * @param bytes what is copied in the first pass
 * @param dirtyRate bytes a second that it writes, a page as often as it is written
 * @param workingSet bytes that it writes again and again; 0 for all of them
 * @param measured whether that was measured, not assumed
 */
public record MemoryLoad(long bytes, double dirtyRate, long workingSet, boolean measured) {
    /**
     * {@return how many bytes are different after a time} Writes hit the working set at random, so that ever more of them
     * hit what is dirty already: W (1 - e^(-Dt/W)).
     *
     * @param seconds zero or more
     */
    public double dirtiedIn(double seconds) {
        double set = workingSet == 0 ? bytes : workingSet;
        return set <= 0 ? 0 : set * -Math.expm1(-dirtyRate * seconds / set);
    }
}
