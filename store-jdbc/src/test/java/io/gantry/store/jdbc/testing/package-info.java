/** Databases for the tests and benchmarks of this and other modules. */
@NullMarked
package io.gantry.store.jdbc.testing;

import org.jspecify.annotations.NullMarked;
