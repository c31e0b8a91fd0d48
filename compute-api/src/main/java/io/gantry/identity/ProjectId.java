package io.gantry.identity;

import io.gantry.error.InvalidRequest;
import io.gantry.error.ResourceRef;

/**
 * Identifies a project.
 *
 * @param value 1 to 64 ASCII letters, digits and {@code . _ @ -}
 */
public record ProjectId(String value) implements Comparable<ProjectId> {
    /**
     * Checks the form.
     *
     * @param value see the record
     * @throws InvalidRequest if it has another form
     */
    public ProjectId {
        if (!value.matches("[A-Za-z0-9._@-]{1,64}")) {
            throw new InvalidRequest(
                    "projectId",
                    value,
                    "must have 1 to 64 ASCII letters, digits and '. _ @ -'",
                    "Give the project's id, not its display name");
        }
    }

    /**
     * {@return the id}
     *
     * @param value see the record
     * @throws InvalidRequest if it has another form
     */
    public static ProjectId of(String value) {
        return new ProjectId(value);
    }

    /** {@return a reference for errors and events} */
    public ResourceRef ref() {
        return new ResourceRef("project", value);
    }

    @Override
    public int compareTo(ProjectId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
