/** Quantities with their unit in the type. */
@NullMarked
package io.gantry.unit;

import org.jspecify.annotations.NullMarked;
