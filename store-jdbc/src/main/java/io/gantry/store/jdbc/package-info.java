/** State store on H2 and PostgreSQL. */
@NullMarked
package io.gantry.store.jdbc;

import org.jspecify.annotations.NullMarked;
