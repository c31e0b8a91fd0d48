/** Who holds how much of what is limited. */
@NullMarked
package io.gantry.core.quota;

import org.jspecify.annotations.NullMarked;
