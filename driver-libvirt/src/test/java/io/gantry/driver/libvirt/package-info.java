/** Tests. */
@NullMarked
package io.gantry.driver.libvirt;

import org.jspecify.annotations.NullMarked;
