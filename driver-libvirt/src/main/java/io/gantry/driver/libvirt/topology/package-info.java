/** What of a host's NUMA cells and PCI devices guests can be given, read from libvirt's capabilities and node devices. */
@NullMarked
package io.gantry.driver.libvirt.topology;

import org.jspecify.annotations.NullMarked;
