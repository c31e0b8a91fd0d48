/** The claim that nothing is left behind. */
@NullMarked
package io.gantry.jmh.leak;

import org.jspecify.annotations.NullMarked;
