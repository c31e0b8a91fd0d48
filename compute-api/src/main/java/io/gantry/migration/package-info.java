/**
 * Moving instances between hosts.
 *
 * @serial exclude
 */
@NullMarked
package io.gantry.migration;

import org.jspecify.annotations.NullMarked;
