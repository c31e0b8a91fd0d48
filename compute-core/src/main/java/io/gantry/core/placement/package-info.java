/** The ledger of who holds what on which host. */
@NullMarked
package io.gantry.core.placement;

import org.jspecify.annotations.NullMarked;
