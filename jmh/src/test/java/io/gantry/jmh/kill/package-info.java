@NullMarked
package io.gantry.jmh.kill;

import org.jspecify.annotations.NullMarked;
