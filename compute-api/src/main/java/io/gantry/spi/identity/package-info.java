/** What identity providers and access policies implement. */
@NullMarked
package io.gantry.spi.identity;

import org.jspecify.annotations.NullMarked;
