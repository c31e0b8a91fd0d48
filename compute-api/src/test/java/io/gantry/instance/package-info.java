@NullMarked
package io.gantry.instance;

import org.jspecify.annotations.NullMarked;
