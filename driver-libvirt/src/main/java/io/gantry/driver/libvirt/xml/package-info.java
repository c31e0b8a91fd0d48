/** Writing and reading of libvirt's XML: values never become markup, and nothing outside the document is read. */
@NullMarked
package io.gantry.driver.libvirt.xml;

import org.jspecify.annotations.NullMarked;
