/** Tests. */
@NullMarked
package io.gantry.driver.libvirt.jna;

import org.jspecify.annotations.NullMarked;
