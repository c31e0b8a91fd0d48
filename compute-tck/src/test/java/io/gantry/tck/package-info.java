@NullMarked
package io.gantry.tck;

import org.jspecify.annotations.NullMarked;
