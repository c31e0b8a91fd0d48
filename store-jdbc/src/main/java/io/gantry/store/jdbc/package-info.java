/**
 * State store on H2 and PostgreSQL; begins with {@link io.gantry.store.jdbc.JdbcStore}.
 *
 * @serial exclude
 */
@NullMarked
package io.gantry.store.jdbc;

import org.jspecify.annotations.NullMarked;
