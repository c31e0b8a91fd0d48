/** How many instances fit before the first is refused, by policy. */
@NullMarked
package io.gantry.jmh.packing;

import org.jspecify.annotations.NullMarked;
