package io.gantry.core.quota;

import io.gantry.error.ResourceRef;
import io.gantry.identity.ProjectId;
import io.gantry.identity.UserId;

/**
 * Whose charges are added up, or whose limits these are.
 *
 * @param key of its rows; ids have neither colons nor slashes
 * @param ref how errors name it
 */
record Owner(String key, ResourceRef ref) {
    /** Key of the row that holds the default limits. */
    static final String DEFAULT = "default";

    static Owner of(ProjectId project) {
        return new Owner("project:" + project, project.ref());
    }

    static Owner of(ProjectId project, UserId user) {
        return new Owner("project:" + project + "/user:" + user, user.ref());
    }

    static Owner of(UserId user) {
        return new Owner("user:" + user, user.ref());
    }
}
