/** Filters and weighs hosts, and reports why. */
@NullMarked
package io.gantry.core.scheduler;

import org.jspecify.annotations.NullMarked;
