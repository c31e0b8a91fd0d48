/**
 * Why an instance went where it went, and why it could not go elsewhere; and what there is to claim.
 *
 * @serial exclude
 */
@NullMarked
package io.gantry.placement;

import org.jspecify.annotations.NullMarked;
