/** What guests' cloud-init reads: OpenStack's metadata, in a file system of its own. */
@NullMarked
package io.gantry.core.configdrive;

import org.jspecify.annotations.NullMarked;
