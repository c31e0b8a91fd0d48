@NullMarked
package io.gantry.spi.scheduler;

import org.jspecify.annotations.NullMarked;
