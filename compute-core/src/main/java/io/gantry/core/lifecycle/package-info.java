/** The verbs of an instance, and when each is possible. */
@NullMarked
package io.gantry.core.lifecycle;

import org.jspecify.annotations.NullMarked;
