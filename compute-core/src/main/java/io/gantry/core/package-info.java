/** The engine: operations, lifecycle, placement, scheduling and migration. */
@NullMarked
package io.gantry.core;

import org.jspecify.annotations.NullMarked;
