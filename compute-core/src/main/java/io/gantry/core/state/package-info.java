/** What the engine keeps, as typed rows over a state store. */
@NullMarked
package io.gantry.core.state;

import org.jspecify.annotations.NullMarked;
