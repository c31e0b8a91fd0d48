@NullMarked
package io.gantry.placement;

import org.jspecify.annotations.NullMarked;
