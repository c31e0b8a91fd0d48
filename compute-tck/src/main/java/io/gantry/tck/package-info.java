/** Contract tests that a driver, filter or store passes to be a Gantry plug-in. */
@NullMarked
package io.gantry.tck;

import org.jspecify.annotations.NullMarked;
