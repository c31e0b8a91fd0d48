package io.gantry.keypair;

/**
 * A new key pair with its private key, which is not kept: this is the only time that it is seen.
 *
 * @param keyPair the key pair
 * @param privateKey the private key in OpenSSH's format, not encrypted; a secret
 */
public record GeneratedKeyPair(KeyPair keyPair, String privateKey) {
    /** {@return the key pair, without the private key} */
    @Override
    public String toString() {
        return "GeneratedKeyPair[keyPair=" + keyPair + ", privateKey=(secret)]";
    }
}
