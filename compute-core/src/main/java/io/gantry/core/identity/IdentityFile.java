package io.gantry.core.identity;

import io.gantry.error.ComputeException;
import io.gantry.error.InvalidRequest;
import io.gantry.identity.ProjectId;
import io.gantry.identity.Role;
import io.gantry.identity.UserId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The users that a file names. Lines of words with spaces or tabs between; empty lines and lines that begin with
 * {@code #} mean nothing:
 *
 * <pre>
 * user  NAME  pbkdf2-sha256$ITERATIONS$SALT$HASH
 * role  NAME  PROJECT  reader|member|manager|admin
 * token sha256$HASH  NAME  PROJECT
 * </pre>
 *
 * <p>{@link #user}, {@link #role} and {@link #token} write such lines. Roles and tokens name users that the file has
 * somewhere; a user has at most one role in each project, and a token stands for the user's role in its project.
 */
public final class IdentityFile {
    private static final int TOKEN_BYTES = 32;
    private static final String SHA_256 = "sha256$";

    private final Map<UserId, PasswordHash> users = new HashMap<>();
    private final Map<UserId, Map<ProjectId, Role>> roles = new HashMap<>();
    private final Map<String, Grant> tokens = new HashMap<>();

    /** What a token stands for. */
    record Grant(UserId user, ProjectId project) {}

    /**
     * A new token.
     *
     * @param token what its bearer gives; a secret that the file does not hold
     * @param line what to add to the file
     */
    public record NewToken(String token, String line) {
        /** {@return the line, without the token} */
        @Override
        public String toString() {
            return "NewToken[line=" + line + ", token=(secret)]";
        }
    }

    private IdentityFile() {}

    /**
     * {@return the line of a user}
     *
     * @param password 1 to 1024 characters
     * @param random makes the salt
     * @throws InvalidRequest if the password is empty or too long
     */
    public static String user(UserId user, String password, SecureRandom random) {
        if (password.isEmpty() || password.length() > PasswordHash.MAX_PASSWORD) {
            throw new InvalidRequest(
                    "password",
                    "(secret)",
                    "must have 1 to " + PasswordHash.MAX_PASSWORD + " characters",
                    "Choose a long phrase");
        }
        return "user " + user + " "
                + PasswordHash.of(password, PasswordHash.ITERATIONS, random).text();
    }

    /** {@return the line of a role} */
    public static String role(UserId user, ProjectId project, Role role) {
        return "role " + user + " " + project + " " + RolePolicy.word(role);
    }

    /**
     * {@return a new token and its line}
     *
     * @param random makes the token
     */
    public static NewToken token(UserId user, ProjectId project, SecureRandom random) {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        return new NewToken(token, "token " + hash(token) + " " + user + " " + project);
    }

    /** A token is long and random, hence a fast hash without salt keeps it; looking the hash up leaks nothing of it. */
    private static String hash(String token) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return SHA_256 + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /**
     * {@return what a file's text says}
     *
     * @param name the file, for errors
     * @throws InvalidRequest naming the line that has another form
     */
    static IdentityFile parse(String name, String text) {
        IdentityFile file = new IdentityFile();
        Map<Integer, Grant> references = new TreeMap<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            Line line = new Line(name, i + 1, lines.get(i));
            if (!line.isEmpty()) {
                file.add(line).ifPresent(reference -> references.put(line.number(), reference));
            }
        }
        references.forEach((number, reference) -> {
            Line line = new Line(name, number, "");
            line.require(file.users.containsKey(reference.user()), "names a user that the file does not have");
            line.require(
                    file.roles.getOrDefault(reference.user(), Map.of()).containsKey(reference.project()),
                    "names a project in which the user has no role");
        });
        return file;
    }

    /** {@return what the line takes for granted, which may come later in the file} */
    private Optional<Grant> add(Line line) {
        switch (line.word(0)) {
            case "user" -> {
                line.requireWords(3);
                UserId user = line.user(1);
                Optional<PasswordHash> hash = PasswordHash.read(line.word(2));
                line.require(
                        hash.isPresent(),
                        "has no hash of the form pbkdf2-sha256$ITERATIONS$SALT$HASH with "
                                + PasswordHash.LEAST_ITERATIONS + " iterations or more");
                line.require(users.putIfAbsent(user, hash.orElseThrow()) == null, "names a user for the second time");
                return Optional.empty();
            }
            case "role" -> {
                line.requireWords(4);
                Grant grant = new Grant(line.user(1), line.project(2));
                Role before = roles.computeIfAbsent(grant.user(), user -> new HashMap<>())
                        .putIfAbsent(grant.project(), line.role(3));
                line.require(before == null, "gives a user a second role in a project");
                return Optional.of(grant);
            }
            case "token" -> {
                line.requireWords(4);
                line.require(
                        line.word(1).matches("sha256\\$[A-Za-z0-9+/]{43}="), "has no hash of the form sha256$HASH");
                Grant grant = new Grant(line.user(2), line.project(3));
                line.require(tokens.putIfAbsent(line.word(1), grant) == null, "has a token for the second time");
                return Optional.of(grant);
            }
            default -> throw line.malformed("begins neither with user, role nor token");
        }
    }

    /** {@return a user's hash; for users that are not there one that no password has, so that they take as long} */
    PasswordHash password(UserId user) {
        PasswordHash hash = users.get(user);
        return hash != null ? hash : PasswordHash.ofNobody(mostIterations());
    }

    private int mostIterations() {
        return users.values().stream().mapToInt(PasswordHash::iterations).max().orElse(PasswordHash.ITERATIONS);
    }

    Optional<Grant> grant(String token) {
        return Optional.ofNullable(tokens.get(hash(token)));
    }

    Map<ProjectId, Role> roles(UserId user) {
        return roles.getOrDefault(user, Map.of());
    }

    /**
     * A line and its words.
     *
     * @param file the file's name
     * @param number from 1 on
     * @param text the whole line
     */
    private record Line(String file, int number, String text) {
        private List<String> words() {
            return Arrays.asList(text.strip().split("[ \t]+", -1));
        }

        boolean isEmpty() {
            return text.isBlank() || text.strip().startsWith("#");
        }

        String word(int index) {
            return words().get(index);
        }

        void requireWords(int count) {
            require(words().size() == count, "has " + words().size() + " words instead of " + count);
        }

        UserId user(int index) {
            try {
                return UserId.of(word(index));
            } catch (ComputeException e) {
                throw malformed("has a user id of another form");
            }
        }

        ProjectId project(int index) {
            try {
                return ProjectId.of(word(index));
            } catch (ComputeException e) {
                throw malformed("has a project id of another form");
            }
        }

        Role role(int index) {
            return Arrays.stream(Role.values())
                    .filter(role -> RolePolicy.word(role).equals(word(index).toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() -> malformed("has none of the roles reader, member, manager and admin"));
        }

        void require(boolean condition, String problem) {
            if (!condition) {
                throw malformed(problem);
            }
        }

        /** Does not show the line, which may hold a secret, if only by mistake. */
        InvalidRequest malformed(String problem) {
            return new InvalidRequest(
                    "identityFile",
                    file + " line " + number,
                    problem,
                    "Write 'user NAME HASH', 'role NAME PROJECT ROLE' or 'token HASH NAME PROJECT'");
        }
    }
}
