@NullMarked
package io.gantry.jmh.remote;

import org.jspecify.annotations.NullMarked;
