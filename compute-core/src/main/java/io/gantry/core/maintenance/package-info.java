/** Runs the plans that {@code planning} makes: reads what they are made from, and moves instance by instance. */
@NullMarked
package io.gantry.core.maintenance;

import org.jspecify.annotations.NullMarked;
