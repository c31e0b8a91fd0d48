package io.gantry.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.Unauthenticated;
import io.gantry.identity.Caller;
import io.gantry.identity.Credentials;
import io.gantry.identity.ProjectId;
import io.gantry.identity.UserId;
import io.gantry.spi.identity.IdentityProvider;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What every {@link IdentityProvider} promises. Subclass it with a provider that knows some users, and add what only your
 * provider promises.
 */
public abstract class IdentityProviderContract {
    private static final String WRONG = "w-r-o-n-g-7c1f9c";
    private static final ProjectId NO_PROJECT = ProjectId.of("no-such-project-7c1f9c");

    private IdentityProvider provider = credentials -> {
        throw new IllegalStateException("not opened");
    };

    /** Creates the contract. */
    protected IdentityProviderContract() {}

    /**
     * {@return a new provider}
     *
     * @throws Exception fails the test
     */
    protected abstract IdentityProvider open() throws Exception;

    /** {@return right credentials and who has them; at least one with a password or a token} */
    protected abstract Map<Credentials, Caller> known();

    @BeforeEach
    void openProvider() throws Exception {
        provider = open();
    }

    @AfterEach
    void closeProvider() {
        provider.close();
    }

    @Test
    @DisplayName("knows who has right credentials, time and again")
    void rightCredentials() {
        assertFalse(known().isEmpty(), "the contract needs some credentials");
        known().forEach((credentials, caller) -> {
            assertEquals(caller, provider.authenticate(credentials), credentials::toString);
            assertEquals(caller, provider.authenticate(credentials), credentials::toString);
        });
    }

    @Test
    @DisplayName("refuses wrong secrets, users and projects, and says the same to all")
    void wrongCredentials() {
        List<String> answers = new ArrayList<>();
        for (Credentials credentials : wrong()) {
            Unauthenticated refusal = assertThrows(
                    Unauthenticated.class, () -> provider.authenticate(credentials), credentials::toString);
            answers.add(refusal.getMessage());
        }
        assertEquals(1, answers.stream().distinct().count(), () -> "answers differ: " + answers);
    }

    @Test
    @DisplayName("shows no secret in an error")
    void secretsAreKept() {
        for (Credentials credentials : wrong()) {
            Unauthenticated refusal = assertThrows(
                    Unauthenticated.class, () -> provider.authenticate(credentials), credentials::toString);
            StringWriter text = new StringWriter();
            refusal.printStackTrace(new PrintWriter(text));
            assertTrue(!text.toString().contains(secret(credentials)), () -> "shows the secret of " + credentials);
        }
    }

    @Test
    @DisplayName("answers 8 threads as it answers one")
    void manyThreads() {
        List<Map.Entry<Credentials, Caller>> known = List.copyOf(known().entrySet());
        Concurrently.inAnyOrder(known.size(), i -> {
            assertEquals(
                    known.get(i).getValue(), provider.authenticate(known.get(i).getKey()));
        });
    }

    @Test
    @DisplayName("can be closed twice")
    void closingTwice() {
        provider.close();
        provider.close();
    }

    private List<Credentials> wrong() {
        List<Credentials> wrong = new ArrayList<>();
        for (Credentials credentials : known().keySet()) {
            if (credentials instanceof Credentials.Password right) {
                wrong.add(new Credentials.Password(right.user(), right.password() + WRONG, right.project()));
                wrong.add(new Credentials.Password(right.user(), WRONG, right.project()));
                wrong.add(new Credentials.Password(right.user(), "", right.project()));
                wrong.add(
                        new Credentials.Password(UserId.of("no-such-user-7c1f9c"), right.password(), right.project()));
                wrong.add(right.in(NO_PROJECT));
            } else if (credentials instanceof Credentials.Token right) {
                wrong.add(new Credentials.Token(right.token() + WRONG, right.project()));
                wrong.add(new Credentials.Token(WRONG, right.project()));
                wrong.add(new Credentials.Token("", right.project()));
                wrong.add(right.in(NO_PROJECT));
            }
        }
        return wrong;
    }

    private static String secret(Credentials credentials) {
        String secret = credentials instanceof Credentials.Password password
                ? password.password()
                : credentials instanceof Credentials.Token token ? token.token() : "";
        return secret.isEmpty() ? WRONG : secret;
    }
}
