package io.gantry.spi.driver;

import io.gantry.unit.Bandwidth;
import io.gantry.unit.MemorySize;

/**
 * How a guest uses its memory, as far as a live migration is concerned.
 *
 * @param resident memory that would have to be copied: what the guest has ever touched
 * @param dirtyRate how fast it writes memory, counting a page as often as it is written
 * @param workingSet the memory that it writes again and again; zero if that is not known
 */
public record MemoryActivity(MemorySize resident, Bandwidth dirtyRate, MemorySize workingSet) {}
