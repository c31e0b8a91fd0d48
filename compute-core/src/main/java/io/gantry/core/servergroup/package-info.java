/** Server groups, and who joins them. */
@NullMarked
package io.gantry.core.servergroup;

import org.jspecify.annotations.NullMarked;
