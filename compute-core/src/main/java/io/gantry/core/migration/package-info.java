/** Live migration, phase by phase. */
@NullMarked
package io.gantry.core.migration;

import org.jspecify.annotations.NullMarked;
