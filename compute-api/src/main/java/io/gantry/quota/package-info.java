/**
 * Limits on what callers may hold.
 *
 * @serial exclude
 */
@NullMarked
package io.gantry.quota;

import org.jspecify.annotations.NullMarked;
