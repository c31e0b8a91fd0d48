/**
 * Simulated hosts of one process for the control nodes of others: the parent of a run owns the fleet, and children that
 * may be killed at any moment reach it over the loopback interface, as they would reach the daemons of real hosts.
 */
@NullMarked
package io.gantry.jmh.remote;

import org.jspecify.annotations.NullMarked;
