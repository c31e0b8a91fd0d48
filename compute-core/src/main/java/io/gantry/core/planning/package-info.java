/** Which instances to move where, and what that takes: pure functions of what is known of hosts and guests. */
@NullMarked
package io.gantry.core.planning;

import org.jspecify.annotations.NullMarked;
