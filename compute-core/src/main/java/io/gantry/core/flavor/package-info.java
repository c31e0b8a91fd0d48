/** The flavors: what they say, and who may use them. */
@NullMarked
package io.gantry.core.flavor;

import org.jspecify.annotations.NullMarked;
