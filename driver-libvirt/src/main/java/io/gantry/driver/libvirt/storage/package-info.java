/** Images, disks and console logs in libvirt's storage pools: nothing here touches a file by itself. */
@NullMarked
package io.gantry.driver.libvirt.storage;

import org.jspecify.annotations.NullMarked;
