@NullMarked
package io.gantry.error;

import org.jspecify.annotations.NullMarked;
