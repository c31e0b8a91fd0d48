/** What an image store implements. */
@NullMarked
package io.gantry.spi.image;

import org.jspecify.annotations.NullMarked;
