/** Tests. */
@NullMarked
package io.gantry.driver.libvirt.xml;

import org.jspecify.annotations.NullMarked;
