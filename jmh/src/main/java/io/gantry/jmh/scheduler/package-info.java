/** What a placement costs, and what it would cost at least. */
@NullMarked
package io.gantry.jmh.scheduler;

import org.jspecify.annotations.NullMarked;
