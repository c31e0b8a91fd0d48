package io.gantry.core.keypair;

import io.gantry.keypair.KeyAlgorithm;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Base64;

/** Makes keys and writes them as OpenSSH does: see PROTOCOL.key in its sources. */
final class SshKeyFactory {
    private static final int RSA_BITS = 3072;
    private static final int ED25519_BYTES = 32;
    private static final int BLOCK = 8;
    private static final int LINE = 70;

    private final SecureRandom random;

    SshKeyFactory(SecureRandom random) {
        this.random = random;
    }

    /**
     * A new key.
     *
     * @param publicKey one line
     * @param privateKey several lines; a secret
     */
    record Generated(String publicKey, String privateKey) {
        @Override
        public String toString() {
            return "Generated[publicKey=" + publicKey + ", privateKey=(secret)]";
        }
    }

    Generated generate(KeyAlgorithm algorithm, String comment) {
        try {
            return algorithm == KeyAlgorithm.RSA ? rsa(comment) : ed25519(comment);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK from 17 on makes keys for " + algorithm, e);
        }
    }

    private Generated rsa(String comment) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(RSA_BITS, random);
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
        SshWriter publicKey =
                new SshWriter().string("ssh-rsa").mpint(key.getPublicExponent()).mpint(key.getModulus());
        SshWriter secret = new SshWriter()
                .string("ssh-rsa")
                .mpint(key.getModulus())
                .mpint(key.getPublicExponent())
                .mpint(key.getPrivateExponent())
                .mpint(key.getCrtCoefficient())
                .mpint(key.getPrimeP())
                .mpint(key.getPrimeQ());
        return written("ssh-rsa", publicKey.bytes(), secret.bytes(), comment);
    }

    private Generated ed25519(String comment) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(ED25519_BYTES * 8 - 1, random);
        java.security.KeyPair pair = generator.generateKeyPair();
        byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
        byte[] point = point((EdECPublicKey) pair.getPublic());
        SshWriter publicKey = new SshWriter().string("ssh-ed25519").string(point);
        SshWriter secret = new SshWriter()
                .string("ssh-ed25519")
                .string(point)
                .string(new SshWriter().raw(seed).raw(point).bytes());
        return written("ssh-ed25519", publicKey.bytes(), secret.bytes(), comment);
    }

    /** {@return y, least byte first, with the parity of x in the highest bit: RFC 8032, section 5.1.2} */
    private static byte[] point(EdECPublicKey key) {
        BigInteger y = key.getPoint().getY();
        byte[] bigEndian = y.toByteArray();
        byte[] point = new byte[ED25519_BYTES];
        for (int i = 0; i < Math.min(ED25519_BYTES, bigEndian.length); i++) {
            point[i] = bigEndian[bigEndian.length - 1 - i];
        }
        if (key.getPoint().isXOdd()) {
            point[ED25519_BYTES - 1] |= (byte) 0x80;
        }
        return point;
    }

    private Generated written(String kind, byte[] publicKey, byte[] secret, String comment) {
        int check = random.nextInt();
        SshWriter inner =
                new SshWriter().uint32(check).uint32(check).raw(secret).string(comment);
        for (int i = 1; inner.size() % BLOCK != 0; i++) {
            inner.raw(new byte[] {(byte) i});
        }
        byte[] file = new SshWriter()
                .raw("openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII))
                .string("none")
                .string("none")
                .string("")
                .uint32(1)
                .string(publicKey)
                .string(inner.bytes())
                .bytes();
        String body = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(file);
        return new Generated(
                kind + " " + Base64.getEncoder().encodeToString(publicKey) + " " + comment,
                "-----BEGIN OPENSSH PRIVATE KEY-----\n" + body + "\n-----END OPENSSH PRIVATE KEY-----\n");
    }
}
