package io.gantry.core.keypair;

import io.gantry.error.InvalidRequest;
import io.gantry.keypair.KeyPairType;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/** Reads public keys, and says why one cannot be used. */
final class PublicKeys {
    private static final String FIELD = "keypair.publicKey";
    private static final int MAX_LENGTH = 16_384;
    private static final int MIN_RSA_BITS = 1024;
    private static final int MAX_RSA_BITS = 16_384;
    private static final int ED25519_BYTES = 32;
    private static final int MAX_STRING = 8192;
    private static final Map<String, Integer> COORDINATE_BYTES = Map.of("nistp256", 32, "nistp384", 48, "nistp521", 66);

    private PublicKeys() {}

    /**
     * A key that can be used.
     *
     * @param text as it is to be kept
     * @param sha256 fingerprint as OpenSSH shows it
     * @param md5 fingerprint as Nova shows it
     */
    record Key(String text, String sha256, String md5) {
        static Key of(String text, byte[] encoded) {
            return new Key(
                    text,
                    "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest("SHA-256", encoded)),
                    HexFormat.ofDelimiter(":").formatHex(digest("MD5", encoded)));
        }
    }

    static Key read(KeyPairType type, String text) {
        if (text.contains("PRIVATE KEY")) {
            throw new InvalidRequest(
                    FIELD, "(private key)", "is a private key", "Give the public key; consider the private one known");
        }
        if (text.length() > MAX_LENGTH) {
            throw refuse(text, "has more than " + MAX_LENGTH + " characters");
        }
        return type == KeyPairType.SSH ? ssh(text.strip()) : x509(text.strip());
    }

    private static Key ssh(String text) {
        if (text.codePoints().anyMatch(Character::isISOControl)) {
            throw refuse(text, "has more than one line, or control characters");
        }
        String[] parts = text.split(" +", 3);
        if (parts.length < 2) {
            throw refuse(text, "is no OpenSSH public key");
        }
        byte[] blob;
        try {
            blob = Base64.getDecoder().decode(parts[1]);
        } catch (IllegalArgumentException e) {
            throw refuse(text, "is no OpenSSH public key: its second word is not base64");
        }
        try {
            requireKey(text, parts[0], ByteBuffer.wrap(blob));
        } catch (BufferUnderflowException e) {
            throw refuse(text, "is no OpenSSH public key: it is cut short");
        }
        return Key.of(text, blob);
    }

    private static void requireKey(String text, String name, ByteBuffer blob) {
        String inner = string(text, blob);
        if (!inner.equals(name)) {
            throw refuse(text, "names itself " + name + ", but holds another kind of key");
        }
        switch (name) {
            case "ssh-rsa" -> {
                BigInteger exponent = new BigInteger(1, bytes(text, blob));
                BigInteger modulus = new BigInteger(1, bytes(text, blob));
                require(text, exponent.testBit(0) && exponent.bitLength() > 1, "has an exponent that cannot work");
                require(
                        text,
                        modulus.bitLength() >= MIN_RSA_BITS && modulus.bitLength() <= MAX_RSA_BITS,
                        "has " + modulus.bitLength() + " bits, which is not from " + MIN_RSA_BITS + " to "
                                + MAX_RSA_BITS);
            }
            case "ssh-ed25519" -> requireEd25519(text, blob);
            case "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521" ->
                requireEcdsa(text, name.substring("ecdsa-sha2-".length()), blob);
            case "sk-ssh-ed25519@openssh.com" -> {
                requireEd25519(text, blob);
                bytes(text, blob);
            }
            case "sk-ecdsa-sha2-nistp256@openssh.com" -> {
                requireEcdsa(text, "nistp256", blob);
                bytes(text, blob);
            }
            default -> throw refuse(text, "is of a kind that servers do not accept, or no OpenSSH public key");
        }
        require(text, !blob.hasRemaining(), "is no OpenSSH public key: it is too long");
    }

    private static void requireEd25519(String text, ByteBuffer blob) {
        require(text, bytes(text, blob).length == ED25519_BYTES, "is no Ed25519 key: it has another length");
    }

    private static void requireEcdsa(String text, String curve, ByteBuffer blob) {
        require(text, string(text, blob).equals(curve), "is of another curve than it says");
        byte[] point = bytes(text, blob);
        int expected = 1 + 2 * COORDINATE_BYTES.getOrDefault(curve, 0);
        require(text, point.length == expected && point[0] == 4, "has a point that is none of its curve");
    }

    private static byte[] bytes(String text, ByteBuffer blob) {
        int length = blob.getInt();
        require(text, length >= 0 && length <= MAX_STRING, "is no OpenSSH public key: a length in it is out of range");
        if (length > blob.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        blob.get(bytes);
        return bytes;
    }

    private static String string(String text, ByteBuffer blob) {
        return new String(bytes(text, blob), StandardCharsets.US_ASCII);
    }

    private static Key x509(String text) {
        try {
            byte[] encoded = CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)))
                    .getEncoded();
            return Key.of(text, encoded);
        } catch (CertificateException e) {
            throw refuse(text, "is no X.509 certificate in PEM");
        }
    }

    private static void require(String text, boolean condition, String problem) {
        if (!condition) {
            throw refuse(text, problem);
        }
    }

    private static InvalidRequest refuse(String text, String problem) {
        return new InvalidRequest(
                FIELD,
                text,
                problem,
                "Give the content of a file such as ~/.ssh/id_ed25519.pub, or a certificate in PEM");
    }

    private static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has " + algorithm, e);
        }
    }
}
