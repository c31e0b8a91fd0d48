/** What a hypervisor driver implements. */
@NullMarked
package io.gantry.spi.driver;

import org.jspecify.annotations.NullMarked;
