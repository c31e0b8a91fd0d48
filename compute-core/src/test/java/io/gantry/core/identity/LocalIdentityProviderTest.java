package io.gantry.core.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.IdentityUnavailable;
import io.gantry.error.InvalidRequest;
import io.gantry.error.Unauthenticated;
import io.gantry.identity.Caller;
import io.gantry.identity.Credentials;
import io.gantry.identity.ProjectId;
import io.gantry.identity.Role;
import io.gantry.identity.UserId;
import io.gantry.spi.identity.IdentityProvider;
import io.gantry.tck.IdentityProviderContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file of users: the contract, its form, its changes. */
final class LocalIdentityProviderTest extends IdentityProviderContract {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final UserId ANN = UserId.of("ann");
    private static final UserId BOB = UserId.of("bob");
    private static final ProjectId WEB = ProjectId.of("web");
    private static final ProjectId OPS = ProjectId.of("ops");
    private static final String PASSWORD = "correct horse ü battery";
    private static final String HASH =
            PasswordHash.of(PASSWORD, PasswordHash.LEAST_ITERATIONS, RANDOM).text();
    private static final IdentityFile.NewToken TOKEN = IdentityFile.token(ANN, OPS, RANDOM);
    private static final String FILE = String.join(
            "\n",
            "# who may in",
            "",
            "role ann web member",
            "  user\tann " + HASH,
            IdentityFile.role(ANN, OPS, Role.ADMIN),
            "user bob " + HASH,
            "role bob web reader",
            TOKEN.line(),
            "");

    @TempDir
    private Path folder = Path.of("");

    private Path path() {
        return folder.resolve("users");
    }

    @BeforeEach
    void write() throws IOException {
        Files.writeString(path(), FILE);
    }

    @Override
    protected IdentityProvider open() throws IOException {
        write();
        return LocalIdentityProvider.open(path());
    }

    @Override
    protected Map<Credentials, Caller> known() {
        return Map.of(
                Credentials.password(ANN, PASSWORD).in(WEB), new Caller(WEB, ANN, Role.MEMBER),
                Credentials.password(ANN, PASSWORD).in(OPS), new Caller(OPS, ANN, Role.ADMIN),
                Credentials.password(BOB, PASSWORD), new Caller(WEB, BOB, Role.READER),
                Credentials.token(TOKEN.token()), new Caller(OPS, ANN, Role.ADMIN),
                Credentials.token(TOKEN.token()).in(OPS), new Caller(OPS, ANN, Role.ADMIN));
    }

    @Test
    void whoHasSeveralProjectsNamesOne() {
        IdentityProvider provider = LocalIdentityProvider.open(path());

        assertThrows(Unauthenticated.class, () -> provider.authenticate(Credentials.password(ANN, PASSWORD)));
    }

    @Test
    void aTokenIsForItsProjectOnly() {
        IdentityProvider provider = LocalIdentityProvider.open(path());

        assertThrows(
                Unauthenticated.class,
                () -> provider.authenticate(Credentials.token(TOKEN.token()).in(WEB)));
    }

    @Test
    void aChangeOfTheFileCountsFromTheNextCallOn() throws IOException {
        IdentityProvider provider = LocalIdentityProvider.open(path());
        Credentials bob = Credentials.password(BOB, PASSWORD);
        provider.authenticate(bob);

        Files.writeString(path(), FILE.replace("role bob web reader", "role bob web member"));
        assertEquals(Role.MEMBER, provider.authenticate(bob).role());
        Files.writeString(path(), FILE.replace("role bob web reader", ""));
        assertThrows(Unauthenticated.class, () -> provider.authenticate(bob));
    }

    @Test
    void nobodyIsLetInWhileTheFileIsMalformedOrGone() throws IOException {
        IdentityProvider provider = LocalIdentityProvider.open(path());
        Credentials bob = Credentials.password(BOB, PASSWORD);

        Files.writeString(path(), FILE + "\nrole bob");
        IdentityUnavailable refusal = assertThrows(IdentityUnavailable.class, () -> provider.authenticate(bob));
        assertFalse(refusal.getMessage().contains(path().toString()), "callers do not see the engine's files");
        Files.delete(path());
        assertThrows(IdentityUnavailable.class, () -> provider.authenticate(bob));
        Files.writeString(path(), FILE);
        provider.authenticate(bob);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "hello, begins neither",
        "USER ann, begins neither",
        "user ann, 2 words instead of 3",
        "user eve plain-password, no hash",
        "user a/b HASH, user id",
        "user ann HASH, second time",
        "role ann web, 3 words",
        "role ann web member now, 5 words",
        "role ann web king, none of the roles",
        "role ann web reader, second role",
        "role ann a/b reader, project id",
        "role eve web reader, user that the file does not have",
        "token abc ann web, no hash of the form",
        "token TOKEN bob ops, no role",
    })
    void aMalformedLineIsRefusedByItsNumberAndIsNotShown(String line, String problem) throws IOException {
        String token = IdentityFile.token(ANN, WEB, RANDOM).line().split(" ", 4)[1];
        String written = line.replace("HASH", HASH).replace("TOKEN", token);
        Files.writeString(path(), FILE + "\n" + written + "\n");

        InvalidRequest refusal = assertThrows(InvalidRequest.class, () -> LocalIdentityProvider.open(path()));

        assertTrue(refusal.value().endsWith("users line 10"), refusal::value);
        assertTrue(refusal.getMessage().contains(problem), refusal::getMessage);
        assertFalse(refusal.getMessage().contains("plain-password"), refusal::getMessage);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pbkdf2-sha256$99999$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "pbkdf2-sha256$10000001$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "pbkdf2-sha256$100000$AA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "pbkdf2-sha256$100000$AAAAAAAAAAAAAAAAAAAAAA==$",
                "md5$100000$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "",
            })
    void aHashThatProtectsNothingOrCostsTooMuchIsNone(String hash) {
        assertTrue(PasswordHash.read(hash).isEmpty());
    }

    @Test
    void aMissingFileIsRefused() {
        assertThrows(InvalidRequest.class, () -> LocalIdentityProvider.open(folder.resolve("none")));
    }

    @Test
    void writtenLinesAreRead() throws IOException {
        Files.writeString(
                path(), IdentityFile.user(ANN, PASSWORD, RANDOM) + "\n" + IdentityFile.role(ANN, WEB, Role.MANAGER));

        assertEquals(
                new Caller(WEB, ANN, Role.MANAGER),
                LocalIdentityProvider.open(path()).authenticate(Credentials.password(ANN, PASSWORD)));
        assertThrows(InvalidRequest.class, () -> IdentityFile.user(ANN, "", RANDOM));
        assertThrows(InvalidRequest.class, () -> IdentityFile.user(ANN, "x".repeat(1025), RANDOM));
    }

    @Test
    void equalPasswordsHaveDifferentHashesAndSecretsAreNotShown() {
        assertNotEquals(
                HASH,
                PasswordHash.of(PASSWORD, PasswordHash.LEAST_ITERATIONS, RANDOM).text());
        assertFalse(Credentials.password(ANN, PASSWORD).toString().contains(PASSWORD));
        assertFalse(Credentials.token("t0ps3cret").toString().contains("t0ps3cret"));
        assertFalse(TOKEN.toString().contains(TOKEN.token()));
    }
}
