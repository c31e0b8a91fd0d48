/** The entry point: {@link io.gantry.Compute}. */
@NullMarked
package io.gantry;

import org.jspecify.annotations.NullMarked;
