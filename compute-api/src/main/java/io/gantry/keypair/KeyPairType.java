package io.gantry.keypair;

/** What form a public key has. */
public enum KeyPairType {
    /** An OpenSSH public key, as in {@code authorized_keys}. */
    SSH,
    /** An X.509 certificate in PEM, for guests that run Windows. */
    X509
}
