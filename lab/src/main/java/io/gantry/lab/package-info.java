/** Several real libvirt/QEMU hosts on one machine, for tests: the Java side of the scripts in {@code lab/}. */
@NullMarked
package io.gantry.lab;

import org.jspecify.annotations.NullMarked;
