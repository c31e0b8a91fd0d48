/** Keeps the engine's view of guests true. */
@NullMarked
package io.gantry.core.sync;

import org.jspecify.annotations.NullMarked;
