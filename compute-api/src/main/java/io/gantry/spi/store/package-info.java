/**
 * What a state store implements.
 *
 * @serial exclude
 */
@NullMarked
package io.gantry.spi.store;

import org.jspecify.annotations.NullMarked;
