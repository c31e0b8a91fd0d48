@NullMarked
package io.gantry.migration;

import org.jspecify.annotations.NullMarked;
