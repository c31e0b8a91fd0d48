/** Sagas of steps, run and journaled. */
@NullMarked
package io.gantry.core.operation;

import org.jspecify.annotations.NullMarked;
