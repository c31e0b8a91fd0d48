@NullMarked
package io.gantry.core.sync;

import org.jspecify.annotations.NullMarked;
