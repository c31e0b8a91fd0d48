/** Who calls, and what they may do: the file of users, the matrix of roles, and the check before every verb. */
@NullMarked
package io.gantry.core.identity;

import org.jspecify.annotations.NullMarked;
