/** Control nodes with hosts of their own, and the verbs in the states in which they are possible. */
@NullMarked
package io.gantry.jmh.scene;

import org.jspecify.annotations.NullMarked;
