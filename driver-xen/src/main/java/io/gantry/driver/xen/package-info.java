/** Xen hosts through libvirt. */
@NullMarked
package io.gantry.driver.xen;

import org.jspecify.annotations.NullMarked;
