/**
 * Long-running work: durable handles with status, progress and cancellation.
 *
 * @serial exclude
 */
@NullMarked
package io.gantry.operation;

import org.jspecify.annotations.NullMarked;
