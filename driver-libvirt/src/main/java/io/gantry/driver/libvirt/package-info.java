/** What the KVM and Xen drivers share: the port over libvirt-java, its threads, deadlines and events. */
@NullMarked
package io.gantry.driver.libvirt;

import org.jspecify.annotations.NullMarked;
