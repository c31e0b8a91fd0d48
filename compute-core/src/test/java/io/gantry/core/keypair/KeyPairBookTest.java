package io.gantry.core.keypair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.core.quota.QuotaBook;
import io.gantry.core.state.State;
import io.gantry.core.store.InMemoryStore;
import io.gantry.error.Conflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.NotFound;
import io.gantry.identity.Caller;
import io.gantry.identity.ProjectId;
import io.gantry.identity.Role;
import io.gantry.identity.UserId;
import io.gantry.keypair.GeneratedKeyPair;
import io.gantry.keypair.KeyAlgorithm;
import io.gantry.keypair.KeyPair;
import io.gantry.keypair.KeyPairType;
import io.gantry.keypair.KeyPairs;
import io.gantry.quota.QuotaExceeded;
import io.gantry.quota.QuotaResource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Key pairs belong to users, and only usable public keys are kept. */
final class KeyPairBookTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final String ED25519 =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIODZQ+wRgBSo0Dng5w5pu6DjP2L2Qe6V1f5JWetJoXOC ann@lapto" + "p";
    private static final String RSA_2048 =
            "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDTNfZAGY0xHTwXATDhU6FLWyGiHZLbUElzSvkvwFbPDhSsfBKzyH"
                    + "wQ5XYb8LzTLmi5pewUtw7C7PLsg1GKWyfvFM5r3av6dI1h3DBzasdvrRrGZIdvnmyDcbyh9VeYyyaObgdDR2mrZKli"
                    + "Tmr+53vx4EH5AAhrjXxieMyshy9EPnx65YV+4kvjWgr+njvNqrsGwkf7FO8X6cLr4XD3E7HPRsEIys1ELI/Y5tWZK4"
                    + "G9xJBWK1Yi4PLzQBGu1ILLNEPA+11qDTpMw1QIebJz8MJ08UmRIzVTkE9psGgBL8MeEfrVBYsmOAuqlxwXEGRlDGEt"
                    + "YL6X7T0oD+ccz6qXsfaf";
    private static final String RSA_1023_BITS =
            "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgHhwqRsR8kP6wMKZOaBoPlrNILzoHkmbcUabFsTvcZL3Fdjw4Jf6N7"
                    + "ndgEaZv18wq85EvW2Zqwdizh6hEqFElfWo5+y5ragOeXPlMtXrr4VwDdEFCgSIpL5kJ1+eM8Wzt9fwO5tmnItxDyHH"
                    + "DeRPQdNdYySLR1Wyc1pviupTHhKx";
    private static final String ECDSA =
            "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBAMKXvWPsci2WCeM8f"
                    + "NpkiZGSd8hSBpOeCg+8gyRjAza7WcfidsGbj8gc26g7twpcQt9SL/++tnzcWyaO7YXKUo= ann@laptop";
    private static final String DSA =
            "ssh-dss AAAAB3NzaC1kc3MAAACBAPYyMHAa4lQZB/ItUtqnp2IcZGfGtHAbf2xYw7qfx6HmmfPfX2ItC1UEg4wZva"
                    + "xOUqahSImc9zerrFmhBMMhW/LQDoG4tEovILlyimo+HIoG8lGrJgOP8xUB7WJ2g5+aqX75gcsznpAy6m3i4ODyQt53"
                    + "7kOcIqe6IqpYpVGczhAjAAAAFQDijABWJcwo/XrHPnBQxtMDmIU7bwAAAIEAlze4E5Lze3rK2MKm86WBAkOF4En4DU"
                    + "/g8rmPFS0BKzhy/H+GcihX2OwcJMsYDltcOplXo59GKBPQE8gkVnkYgaC9Od+LuisZqsihxuwbLQGOChQOtxR/k6SY"
                    + "MC1qLiuduAVZMeVdPWHq6yhoQ/fFTjU/seZzkydQ8q6Gn0u88AUAAACBAMpQ2uNk1LJCTwO8GtrvsBXeqPBgfQEVcp"
                    + "lmgfn4AOg0K+LYwMlbQyHkcx6lThaSLtU9qVgjaYTVPPKACFRw9yqmhmS/CsLIoO16tKVTDoxVn1Qp/++XMzXZLejk"
                    + "KdQQYlLd6JswTTAO+bdxHke2FTmSxXluE8DZcQ9ZAa+2wNQQ x";

    private final State state = new State(InMemoryStore.create(), new Random(1));
    private final QuotaBook quotas = new QuotaBook(state, Map.of());
    private final KeyPairBook book =
            new KeyPairBook(state, quotas, Clock.fixed(NOW, ZoneOffset.UTC), new SecureRandom());
    private final KeyPairs anns = book.of(caller("p", "ann"));
    private final KeyPairs bobs = book.of(caller("p", "bob"));

    private static Caller caller(String project, String user) {
        return new Caller(ProjectId.of(project), UserId.of(user), Role.MEMBER);
    }

    @Test
    void anImportedKeyHasTheFingerprintsThatSshKeygenShows() {
        KeyPair ed25519 = anns.importPublicKey("a", KeyPairType.SSH, ED25519 + "\n");
        KeyPair rsa = anns.importPublicKey("b", KeyPairType.SSH, RSA_2048);
        KeyPair ecdsa = anns.importPublicKey("c", KeyPairType.SSH, ECDSA);

        assertEquals("SHA256:Snk+OxjpxUb/b9QbnfRDhauOBYfLWVQCzYH7rQFV5nE", ed25519.fingerprint());
        assertEquals("b7:ac:1d:ba:44:eb:01:4f:d0:04:a2:ea:39:7c:44:c0", ed25519.md5Fingerprint());
        assertEquals("SHA256:6b9DKJaa87gWC12Hb0+ALdO41nDbHJYHbtF4BILMzyY", rsa.fingerprint());
        assertEquals("SHA256:c48uSo8iSJunt+FhB90Mo80XioiZbmSPkAHmiRDVzN4", ecdsa.fingerprint());
        assertEquals(ED25519, ed25519.publicKey());
        assertEquals(NOW, ed25519.createdAt());
        assertEquals(UserId.of("ann"), ed25519.user());
    }

    @Test
    void aUserSeesTheSameKeysInEveryProjectAndNobodyElsesKeys() {
        KeyPair key = anns.importPublicKey("laptop", KeyPairType.SSH, ED25519);
        bobs.importPublicKey("laptop", KeyPairType.SSH, RSA_2048);
        KeyPairs elsewhere = book.of(caller("q", "ann"));

        assertEquals(List.of(key), elsewhere.list());
        assertEquals(key, elsewhere.get("laptop"));
        assertThrows(NotFound.class, () -> anns.get("desktop"));
        bobs.delete("laptop");
        assertEquals(List.of(), bobs.list());
        assertEquals(List.of(key), anns.list());
    }

    @Test
    void aNameIsTakenOnce() {
        anns.importPublicKey("laptop", KeyPairType.SSH, ED25519);

        assertThrows(Conflict.class, () -> anns.importPublicKey("laptop", KeyPairType.SSH, ED25519));
        anns.delete("laptop");
        assertThrows(NotFound.class, () -> anns.delete("laptop"));
        anns.importPublicKey("laptop", KeyPairType.SSH, ED25519);
    }

    @Test
    void theQuotaIsTheUsers() {
        quotas.quotas().setDefaults(Map.of(QuotaResource.KEY_PAIRS, 1L));
        anns.importPublicKey("one", KeyPairType.SSH, ED25519);

        assertThrows(QuotaExceeded.class, () -> anns.importPublicKey("two", KeyPairType.SSH, ED25519));
        bobs.importPublicKey("one", KeyPairType.SSH, ED25519);
        anns.delete("one");
        anns.importPublicKey("two", KeyPairType.SSH, ED25519);
    }

    @ParameterizedTest(name = "''{0}''")
    @ValueSource(strings = {"", " ", " a", "a ", "a/b", "a\nb", "ä", "a;b"})
    void badNamesAreRefused(String name) {
        assertThrows(InvalidRequest.class, () -> anns.importPublicKey(name, KeyPairType.SSH, ED25519));
    }

    @Test
    void namesHaveUpTo255Characters() {
        anns.importPublicKey("n".repeat(255), KeyPairType.SSH, ED25519);
        assertThrows(InvalidRequest.class, () -> anns.importPublicKey("n".repeat(256), KeyPairType.SSH, ED25519));
    }

    @ParameterizedTest(name = "''{0}''")
    @ValueSource(
            strings = {
                "",
                "ssh-ed25519",
                "ssh-ed25519 !!!!",
                "ssh-ed25519 AAAA",
                "no-pty " + ED25519,
                "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIODZQ+wRgBSo0Dng5w5pu6DjP2L2Qe6V1f5JWetJoXOC",
                ED25519 + "\nssh-rsa AAAA",
                RSA_1023_BITS,
                DSA,
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5/////w==",
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAAQA=",
            })
    void badKeysAreRefused(String key) {
        InvalidRequest refusal =
                assertThrows(InvalidRequest.class, () -> anns.importPublicKey("a", KeyPairType.SSH, key));
        assertEquals("keypair.publicKey", refusal.field());
    }

    @Test
    void everyKeyThatIsCutShortIsRefused() {
        String[] words = ED25519.split(" ", 3);
        for (int length = 0; length < words[1].length(); length++) {
            String cut = words[0] + " " + words[1].substring(0, length);
            assertThrows(InvalidRequest.class, () -> anns.importPublicKey("a", KeyPairType.SSH, cut), cut);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPrivateKeyIsRefusedWithoutBeingShown(KeyPairType type) {
        String secret = "-----BEGIN OPENSSH PRIVATE KEY-----\nsecret\n-----END OPENSSH PRIVATE KEY-----";

        InvalidRequest refusal = assertThrows(InvalidRequest.class, () -> anns.importPublicKey("a", type, secret));

        assertFalse(refusal.getMessage().contains("secret"), refusal::getMessage);
    }

    @Test
    void certificatesAreImported() {
        KeyPair pair = anns.importPublicKey("windows", KeyPairType.X509, CERTIFICATE);

        assertEquals("d3:af:c3:48:ae:5d:4f:e2:1c:47:d3:45:8f:8e:d8:a4", pair.md5Fingerprint());
        assertThrows(InvalidRequest.class, () -> anns.importPublicKey("b", KeyPairType.X509, "no certificate"));
        assertThrows(InvalidRequest.class, () -> anns.importPublicKey("b", KeyPairType.X509, ED25519));
    }

    @ParameterizedTest
    @EnumSource
    void aGeneratedKeyIsOneThatOpenSshReads(KeyAlgorithm algorithm, @TempDir Path folder) throws Exception {
        GeneratedKeyPair made = anns.generate("made", algorithm);
        assertEquals(anns.get("made"), made.keyPair());
        assertFalse(made.toString().contains("BEGIN"), "the private key is not shown by accident");
        assertFalse(state.json()
                .write(state.<Object>transact(
                        tx -> state.keyPairs().all(tx).get(0).value()))
                .contains("PRIVATE"));

        Path file = folder.resolve("key");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, made.privateKey());
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/ssh-keygen")), "ssh-keygen is not installed");
        Process keygen = new ProcessBuilder("/usr/bin/ssh-keygen", "-y", "-f", file.toString())
                .redirectErrorStream(true)
                .start();
        String derived = new String(keygen.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

        assertEquals(0, keygen.waitFor(), derived);
        assertEquals(made.keyPair().publicKey(), derived, "what the private key says");
    }

    private static final String CERTIFICATE = """
-----BEGIN CERTIFICATE-----
MIIBcTCCARegAwIBAgIUe8G6hJB4aXtPco9EWdg5Kan9BgowCgYIKoZIzj0EAwIw
DjEMMAoGA1UEAwwDYW5uMB4XDTI2MTEyNTE3NDExMVoXDTM2MTEyMjE3NDExMVow
DjEMMAoGA1UEAwwDYW5uMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEbllFjqkC
X8u0Spzhq+9XbnHJOJoZsyUVL5pka5RG4QcuOFaUaMNqDBjpqU54NgzIxfpcw4eE
lpK6hQrxUBy9yKNTMFEwHQYDVR0OBBYEFEQLchG6U4d6ZM/Nn0fBUHLKyjGHMB8G
A1UdIwQYMBaAFEQLchG6U4d6ZM/Nn0fBUHLKyjGHMA8GA1UdEwEB/wQFMAMBAf8w
CgYIKoZIzj0EAwIDSAAwRQIhAKDud/7OGNB+h8MBIfN9NYpXRe+VrrN1kR+4VL73
wFb3AiBgMoBJuPgXby1FX1JECY1+PgYkeyarR+pysLACrjUghQ==
-----END CERTIFICATE-----
""";
}
