package io.gantry.placement;

import static java.util.Objects.requireNonNull;

/**
 * What a host lacks for a request, as a number: by it reports say what is scarcest and what would help.
 *
 * @param resource what is short, in words, such as {@code memory}
 * @param missing how much more the host would have to have, or the request to do without; in the resource's own unit, more
 *     than 0
 * @param words the missing amount with its unit, such as {@code 512 MiB}
 * @param freeable whether the host would have it if others gave it back; if not, the empty host lacks it, too
 */
public record Shortage(String resource, long missing, String words, boolean freeable) {
    /**
     * Checks that the words are there.
     *
     * @param resource see the record
     * @param missing see the record
     * @param words see the record
     * @param freeable see the record
     */
    public Shortage {
        requireNonNull(resource, "resource");
        requireNonNull(words, "words");
    }
}
