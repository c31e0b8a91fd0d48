/** What the engine tells its listeners; each feature defines its own event records. */
@NullMarked
package io.gantry.event;

import org.jspecify.annotations.NullMarked;
