@NullMarked
package io.gantry.flavor;

import org.jspecify.annotations.NullMarked;
