/** A large fleet with several control nodes on one database. */
@NullMarked
package io.gantry.jmh.fleet;

import org.jspecify.annotations.NullMarked;
