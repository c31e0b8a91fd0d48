/** The tutorial: three instances, one live migration. */
@NullMarked
package io.gantry.samples.quickstart;

import org.jspecify.annotations.NullMarked;
