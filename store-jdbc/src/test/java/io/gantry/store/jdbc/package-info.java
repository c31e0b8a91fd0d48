/** What the stores on databases keep, and what they survive. */
@NullMarked
package io.gantry.store.jdbc;

import org.jspecify.annotations.NullMarked;
