package io.gantry.identity;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/** What a caller proves with who it is. Text of any kind; {@code toString} does not show the secret. */
public sealed interface Credentials {
    /** {@return the project to act in; empty for the only one that the user has} */
    Optional<ProjectId> project();

    /**
     * {@return credentials of a user and a password}
     *
     * @param user the user
     * @param password the password
     */
    static Password password(UserId user, String password) {
        return new Password(user, password, Optional.empty());
    }

    /**
     * {@return credentials of a token}
     *
     * @param token the token
     */
    static Token token(String token) {
        return new Token(token, Optional.empty());
    }

    /**
     * A user and a password.
     *
     * @param user the user
     * @param password the password; a secret
     * @param project the project to act in
     */
    record Password(UserId user, String password, Optional<ProjectId> project) implements Credentials {
        /**
         * Checks that all parts are there.
         *
         * @param user see the record
         * @param password see the record
         * @param project see the record
         */
        public Password {
            requireNonNull(user, "user");
            requireNonNull(password, "password");
            requireNonNull(project, "project");
        }

        /**
         * {@return the credentials for a project}
         *
         * @param id the project
         */
        public Password in(ProjectId id) {
            return new Password(user, password, Optional.of(id));
        }

        /** {@return user and project, without the password} */
        @Override
        public String toString() {
            return "Password[user=" + user + ", project=" + project + ", password=(secret)]";
        }
    }

    /**
     * A token.
     *
     * @param token the token; a secret
     * @param project the project to act in
     */
    record Token(String token, Optional<ProjectId> project) implements Credentials {
        /**
         * Checks that all parts are there.
         *
         * @param token see the record
         * @param project see the record
         */
        public Token {
            requireNonNull(token, "token");
            requireNonNull(project, "project");
        }

        /**
         * {@return the credentials for a project}
         *
         * @param id the project
         */
        public Token in(ProjectId id) {
            return new Token(token, Optional.of(id));
        }

        /** {@return the project, without the token} */
        @Override
        public String toString() {
            return "Token[project=" + project + ", token=(secret)]";
        }
    }
}
