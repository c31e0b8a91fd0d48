/**
 * The port over libvirt-java and JNA. Nothing outside this package sees either.
 *
 * <p>It uses libvirt-java's native binding ({@code org.libvirt.jna}), extended by the calls that it lacks, and not its
 * object layer: those objects free natives in finalizers, without regard to calls in progress.
 */
@NullMarked
package io.gantry.driver.libvirt.jna;

import org.jspecify.annotations.NullMarked;
