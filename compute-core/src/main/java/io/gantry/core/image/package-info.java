/** The local image store and the images of an engine. */
@NullMarked
package io.gantry.core.image;

import org.jspecify.annotations.NullMarked;
