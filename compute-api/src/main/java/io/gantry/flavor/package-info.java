/** Flavors: the sizes that instances come in. */
@NullMarked
package io.gantry.flavor;

import org.jspecify.annotations.NullMarked;
