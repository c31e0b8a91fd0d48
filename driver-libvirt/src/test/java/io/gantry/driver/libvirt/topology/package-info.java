/** Tests. */
@NullMarked
package io.gantry.driver.libvirt.topology;

import org.jspecify.annotations.NullMarked;
