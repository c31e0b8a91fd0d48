@NullMarked
package io.gantry.lab;

import org.jspecify.annotations.NullMarked;
