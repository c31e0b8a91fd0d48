/** Tests that hold the house's rules. */
@NullMarked
package io.gantry.architecture;

import org.jspecify.annotations.NullMarked;
