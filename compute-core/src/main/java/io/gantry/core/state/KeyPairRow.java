package io.gantry.core.state;

import io.gantry.keypair.KeyPair;

/**
 * A user's key pair.
 *
 * @param user whose it is
 * @param keyPair as its user sees it
 */
public record KeyPairRow(String user, KeyPair keyPair) {
    /** {@return the row's key; users' names have no slash} */
    public String key() {
        return key(user, keyPair.name());
    }

    /** {@return the key of a user's key pair} */
    public static String key(String user, String name) {
        return user + "/" + name;
    }
}
