/** Groups of instances that are placed together, or apart. */
@NullMarked
package io.gantry.servergroup;

import org.jspecify.annotations.NullMarked;
