/**
 * Moving many instances by one plan: emptying a host, and spreading or packing what all hosts have.
 *
 * @serial exclude
 */
@NullMarked
package io.gantry.maintenance;

import org.jspecify.annotations.NullMarked;
