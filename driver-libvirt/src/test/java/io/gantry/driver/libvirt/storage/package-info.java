/** Tests. */
@NullMarked
package io.gantry.driver.libvirt.storage;

import org.jspecify.annotations.NullMarked;
