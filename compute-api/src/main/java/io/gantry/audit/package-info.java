/** Differences between what is recorded and what is there. */
@NullMarked
package io.gantry.audit;

import org.jspecify.annotations.NullMarked;
