@NullMarked
package io.gantry.host;

import org.jspecify.annotations.NullMarked;
