/** Aggregates of hosts, and the availability zones that they make. */
@NullMarked
package io.gantry.core.aggregate;

import org.jspecify.annotations.NullMarked;
