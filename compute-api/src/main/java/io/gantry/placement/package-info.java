/**
 * Why an instance went where it went, and why it could not go elsewhere.
 *
 * @serial exclude
 */
@NullMarked
package io.gantry.placement;

import org.jspecify.annotations.NullMarked;
