/** Images: what instances boot from. */
@NullMarked
package io.gantry.image;

import org.jspecify.annotations.NullMarked;
