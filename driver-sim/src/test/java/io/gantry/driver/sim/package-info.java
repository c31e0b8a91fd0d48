@NullMarked
package io.gantry.driver.sim;

import org.jspecify.annotations.NullMarked;
