/** Who calls: projects, users, roles, and what each role may do. */
@NullMarked
package io.gantry.identity;

import org.jspecify.annotations.NullMarked;
