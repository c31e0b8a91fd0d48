package io.gantry.core.identity;

import io.gantry.error.ComputeException;
import io.gantry.error.IdentityUnavailable;
import io.gantry.error.InvalidRequest;
import io.gantry.error.Unauthenticated;
import io.gantry.identity.Caller;
import io.gantry.identity.Credentials;
import io.gantry.identity.ProjectId;
import io.gantry.identity.Role;
import io.gantry.identity.UserId;
import io.gantry.spi.identity.IdentityProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the users of an {@link IdentityFile}. A change of the file counts from the next call on; replace the file by
 * renaming a new one over it, so that nobody sees half of it. While it cannot be read or has a malformed line, nobody is
 * let in: a line that takes rights away must not be without effect.
 */
public final class LocalIdentityProvider implements IdentityProvider {
    private static final Logger LOG = LoggerFactory.getLogger(LocalIdentityProvider.class);

    private final Path path;
    private volatile Read read;

    /** What was read from the file. */
    private record Read(String text, IdentityFile file) {}

    private LocalIdentityProvider(Path path, Read read) {
        this.path = path;
        this.read = read;
    }

    /**
     * Opens a file of users.
     *
     * @param path the file; see {@link IdentityFile} for its form
     * @throws InvalidRequest if it cannot be read, or naming the line that has another form
     */
    public static LocalIdentityProvider open(Path path) {
        try {
            return new LocalIdentityProvider(path, parse(path, Files.readString(path, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new InvalidRequest(
                    "identityFile", path, "cannot be read: " + e, "Give a UTF-8 file that this process may read");
        }
    }

    private static Read parse(Path path, String text) {
        return new Read(text, IdentityFile.parse(path.toString(), text));
    }

    @Override
    public Caller authenticate(Credentials credentials) {
        IdentityFile file = current();
        if (credentials instanceof Credentials.Password password) {
            return byPassword(file, password);
        }
        if (credentials instanceof Credentials.Token token) {
            return byToken(file, token);
        }
        throw new Unauthenticated();
    }

    /** Reading a small file costs little beside the hash of a password, and misses no change. */
    private IdentityFile current() {
        Read known = read;
        try {
            String text = Files.readString(path, StandardCharsets.UTF_8);
            if (!text.equals(known.text())) {
                known = parse(path, text);
                read = known;
                LOG.info("Read the changed identity file {}", path);
            }
            return known.file();
        } catch (IOException | ComputeException e) {
            LOG.error("Nobody is let in until the identity file {} can be read: {}", path, e.getMessage());
            throw new IdentityUnavailable(e);
        }
    }

    private Caller byPassword(IdentityFile file, Credentials.Password given) {
        if (given.password().isEmpty() || given.password().length() > PasswordHash.MAX_PASSWORD) {
            throw new Unauthenticated();
        }
        if (!file.password(given.user()).matches(given.password())) {
            throw new Unauthenticated();
        }
        Map<ProjectId, Role> roles = file.roles(given.user());
        ProjectId project = given.project()
                .or(() -> roles.size() == 1 ? roles.keySet().stream().findFirst() : Optional.empty())
                .orElseThrow(Unauthenticated::new);
        return caller(given.user(), project, roles);
    }

    private static Caller byToken(IdentityFile file, Credentials.Token given) {
        IdentityFile.Grant grant = file.grant(given.token()).orElseThrow(Unauthenticated::new);
        if (given.project().isPresent() && !given.project().get().equals(grant.project())) {
            throw new Unauthenticated();
        }
        return caller(grant.user(), grant.project(), file.roles(grant.user()));
    }

    private static Caller caller(UserId user, ProjectId project, Map<ProjectId, Role> roles) {
        Role role = roles.get(project);
        if (role == null) {
            throw new Unauthenticated();
        }
        return new Caller(project, user, role);
    }
}
