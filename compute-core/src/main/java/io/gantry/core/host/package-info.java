/** Registered hosts, their connections, and what is heard from them. */
@NullMarked
package io.gantry.core.host;

import org.jspecify.annotations.NullMarked;
