@NullMarked
package io.gantry.scheduler.filters;

import org.jspecify.annotations.NullMarked;
