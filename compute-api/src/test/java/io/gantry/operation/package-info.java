@NullMarked
package io.gantry.operation;

import org.jspecify.annotations.NullMarked;
