/** The in-memory state store. */
@NullMarked
package io.gantry.core.store;

import org.jspecify.annotations.NullMarked;
