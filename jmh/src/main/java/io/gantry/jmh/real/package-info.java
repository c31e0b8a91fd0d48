/** The lab's real hosts for scenes. */
@NullMarked
package io.gantry.jmh.real;

import org.jspecify.annotations.NullMarked;
