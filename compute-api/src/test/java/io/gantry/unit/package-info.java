@NullMarked
package io.gantry.unit;

import org.jspecify.annotations.NullMarked;
