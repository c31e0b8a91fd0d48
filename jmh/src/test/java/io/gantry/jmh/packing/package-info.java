@NullMarked
package io.gantry.jmh.packing;

import org.jspecify.annotations.NullMarked;
