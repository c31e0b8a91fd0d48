package io.gantry.keypair;

import io.gantry.error.Conflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.NotFound;
import io.gantry.quota.QuotaExceeded;
import java.util.List;

/**
 * The key pairs of one user, who is the caller; they follow the user through all projects. Safe for use by many threads.
 */
public interface KeyPairs {
    /**
     * Adds a public key that the user made elsewhere.
     *
     * @param name see {@link KeyPair#name}
     * @param type the key's form
     * @param publicKey one line as in {@code authorized_keys}, without options: RSA with 1024 bits or more, Ed25519, ECDSA,
     *     or one of their security-key kinds; or an X.509 certificate in PEM
     * @return the key pair
     * @throws InvalidRequest if the name or the key has another form
     * @throws Conflict if the user has a key pair with this name
     * @throws QuotaExceeded if the user may not have more of them
     */
    KeyPair importPublicKey(String name, KeyPairType type, String publicKey);

    /**
     * Makes a key pair for OpenSSH.
     *
     * @param name see {@link KeyPair#name}
     * @param algorithm how it works
     * @return the key pair with its private key, which is not kept
     * @throws InvalidRequest if the name has another form
     * @throws Conflict if the user has a key pair with this name
     * @throws QuotaExceeded if the user may not have more of them
     */
    GeneratedKeyPair generate(String name, KeyAlgorithm algorithm);

    /**
     * {@return a key pair}
     *
     * @param name its name
     * @throws NotFound if the user has none with this name
     */
    KeyPair get(String name);

    /** {@return the user's key pairs, by name} */
    List<KeyPair> list();

    /**
     * Removes a key pair; instances keep their copy of the public key.
     *
     * @param name its name
     * @throws NotFound if the user has none with this name
     */
    void delete(String name);
}
