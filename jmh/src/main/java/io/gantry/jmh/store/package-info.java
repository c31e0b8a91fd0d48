/** The claim that durable stores cost what their disk's syncs cost, and no more. */
@NullMarked
package io.gantry.jmh.store;

import org.jspecify.annotations.NullMarked;
