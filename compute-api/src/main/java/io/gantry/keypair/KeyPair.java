package io.gantry.keypair;

import io.gantry.error.InvalidRequest;
import io.gantry.error.ResourceRef;
import io.gantry.identity.UserId;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * A public key that a user owns, copied into instances when they are created. The private key is nowhere in the engine.
 *
 * @param name 1 to 255 ASCII letters, digits, spaces and {@code . _ @ -}, without spaces at its ends; unique for the user
 * @param type its form
 * @param publicKey the key in that form, without line breaks at its end
 * @param fingerprint SHA-256 of the key as OpenSSH shows it: {@code SHA256:} and base64
 * @param md5Fingerprint MD5 of the key as Nova shows it: 16 pairs of hexadecimal digits with colons between
 * @param user whose it is
 * @param createdAt when it was added
 */
public record KeyPair(
        String name,
        KeyPairType type,
        String publicKey,
        String fingerprint,
        String md5Fingerprint,
        UserId user,
        Instant createdAt) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._@ -]{1,255}");

    /**
     * Checks the name.
     *
     * @param name see the record
     * @param type see the record
     * @param publicKey see the record
     * @param fingerprint see the record
     * @param md5Fingerprint see the record
     * @param user see the record
     * @param createdAt see the record
     * @throws InvalidRequest if the name has another form
     */
    public KeyPair {
        if (!NAME.matcher(name).matches() || !name.equals(name.strip())) {
            throw new InvalidRequest(
                    "keypair.name",
                    name,
                    "must have 1 to 255 ASCII letters, digits, inner spaces and '. _ @ -'",
                    "Choose a name such as 'laptop'");
        }
    }

    /** {@return a reference for errors and events} */
    public ResourceRef ref() {
        return ref(name);
    }

    /**
     * {@return a reference to the key pair with this name}
     *
     * @param name its name
     */
    public static ResourceRef ref(String name) {
        return new ResourceRef("keypair", name);
    }
}
