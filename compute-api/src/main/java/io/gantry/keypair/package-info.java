/** Users' key pairs: public keys that instances let their owners in with. */
@NullMarked
package io.gantry.keypair;

import org.jspecify.annotations.NullMarked;
