/** Instances: specification, state and the verbs of their lifecycle. */
@NullMarked
package io.gantry.instance;

import org.jspecify.annotations.NullMarked;
