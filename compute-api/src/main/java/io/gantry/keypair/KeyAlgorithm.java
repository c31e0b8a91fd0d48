package io.gantry.keypair;

/** How a generated key works. */
public enum KeyAlgorithm {
    /** Ed25519. */
    ED25519,
    /** RSA with 3072 bits. */
    RSA
}
