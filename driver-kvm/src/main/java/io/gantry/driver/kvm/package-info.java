/** QEMU/KVM hosts through libvirt. */
@NullMarked
package io.gantry.driver.kvm;

import org.jspecify.annotations.NullMarked;
