@NullMarked
package io.gantry.topology;

import org.jspecify.annotations.NullMarked;
