@NullMarked
package io.gantry.jmh.real;

import org.jspecify.annotations.NullMarked;
