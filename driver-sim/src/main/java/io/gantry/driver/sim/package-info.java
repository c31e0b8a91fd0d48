/** Hosts in process whose guests own real pages and dirty them. */
@NullMarked
package io.gantry.driver.sim;

import org.jspecify.annotations.NullMarked;
