/** What a host filter or weigher implements. */
@NullMarked
package io.gantry.spi.scheduler;

import org.jspecify.annotations.NullMarked;
