/** Proof that a host is dead, without which nothing that it ran is started elsewhere. */
@NullMarked
package io.gantry.spi.fence;

import org.jspecify.annotations.NullMarked;
