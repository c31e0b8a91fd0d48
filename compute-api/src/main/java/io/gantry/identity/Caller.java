package io.gantry.identity;

/**
 * Who calls, as an identity provider established it.
 *
 * @param project the project that the caller acts in
 * @param user the user
 * @param role the highest role that the user has there
 */
public record Caller(ProjectId project, UserId user, Role role) {
    /** {@return whether the caller runs the cloud} */
    public boolean isAdmin() {
        return role == Role.ADMIN;
    }
}
