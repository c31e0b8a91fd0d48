/** Stub. */
@NullMarked
package io.gantry.core.identity;

import org.jspecify.annotations.NullMarked;
