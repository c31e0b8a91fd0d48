@NullMarked
package io.gantry.core.lifecycle;

import org.jspecify.annotations.NullMarked;
