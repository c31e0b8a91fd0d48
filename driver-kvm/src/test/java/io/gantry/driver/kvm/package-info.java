/** Tests of the KVM driver. */
@NullMarked
package io.gantry.driver.kvm;

import org.jspecify.annotations.NullMarked;
