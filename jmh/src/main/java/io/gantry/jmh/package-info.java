/** JMH benchmarks and stress runs behind the project's claims. */
@NullMarked
package io.gantry.jmh;

import org.jspecify.annotations.NullMarked;
