/**
 * The kinds of failure that Gantry reports; feature-specific kinds live beside their feature.
 *
 * @serial exclude
 */
@NullMarked
package io.gantry.error;

import org.jspecify.annotations.NullMarked;
