package io.gantry.error;

import static java.util.Objects.requireNonNull;

/**
 * Names one resource, for errors, events and logs.
 *
 * @param kind what it is, in lower case, such as {@code instance} or {@code host}
 * @param id its id within the kind
 */
public record ResourceRef(String kind, String id) {
    /**
     * Checks that both parts are there.
     *
     * @param kind see the record
     * @param id see the record
     */
    public ResourceRef {
        requireNonNull(kind, "kind");
        requireNonNull(id, "id");
    }

    /** {@return {@code kind id}, as messages show it} */
    @Override
    public String toString() {
        return kind + " " + id;
    }
}
