/** Tells listeners what happens. */
@NullMarked
package io.gantry.core.observe;

import org.jspecify.annotations.NullMarked;
