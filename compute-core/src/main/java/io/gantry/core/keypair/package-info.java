/** Users' key pairs, and the formats of public and private keys. */
@NullMarked
package io.gantry.core.keypair;

import org.jspecify.annotations.NullMarked;
