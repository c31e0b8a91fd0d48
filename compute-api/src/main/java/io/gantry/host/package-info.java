/** Hypervisor hosts: registration, inventory, state; aggregates of them, and availability zones. */
@NullMarked
package io.gantry.host;

import org.jspecify.annotations.NullMarked;
