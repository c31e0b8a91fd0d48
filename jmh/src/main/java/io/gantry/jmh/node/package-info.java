/** Control nodes in processes of their own. */
@NullMarked
package io.gantry.jmh.node;

import org.jspecify.annotations.NullMarked;
