@NullMarked
package io.gantry.store.jdbc.engine;

import org.jspecify.annotations.NullMarked;
