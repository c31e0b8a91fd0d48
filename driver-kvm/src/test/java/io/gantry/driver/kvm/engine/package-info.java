/** The whole engine on real libvirt/QEMU hosts. */
@NullMarked
package io.gantry.driver.kvm.engine;

import org.jspecify.annotations.NullMarked;
