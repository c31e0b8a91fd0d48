/** What Gantry asks of libvirt, in Java's own types: no binding shows here, and tests put a fake in its place. */
@NullMarked
package io.gantry.driver.libvirt.port;

import org.jspecify.annotations.NullMarked;
