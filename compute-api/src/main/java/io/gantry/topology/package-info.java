/**
 * NUMA cells, pinned CPUs, huge pages and PCI devices: what hosts have of them, what guests ask for, and whether and where
 * a guest fits. Nothing here does anything to a host or keeps state.
 */
@NullMarked
package io.gantry.topology;

import org.jspecify.annotations.NullMarked;
