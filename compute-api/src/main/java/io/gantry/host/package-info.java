/** Hypervisor hosts: registration, inventory, state. */
@NullMarked
package io.gantry.host;

import org.jspecify.annotations.NullMarked;
