package io.gantry.store.jdbc;

import io.gantry.error.InvalidRequest;
import java.util.Map;

/** What fits into the tables; the same on every database, so that a state can move from one to the other. */
final class Limits {
    /** Longest table and attribute name, in characters. */
    static final int NAME = 64;

    /** Longest key, in characters. */
    static final int KEY = 255;

    /** Longest value of an attribute; with table, name and key it fits into an index entry of PostgreSQL. */
    static final int VALUE = 400;

    /** Longest body: H2's longest character string. */
    static final int BODY = 1_048_576;

    private Limits() {}

    static void check(String table, String key) {
        check("table", table, NAME);
        check("key", key, KEY);
    }

    static void check(String body, Map<String, String> attributes) {
        check("body", body, BODY);
        attributes.forEach((name, value) -> {
            check("attribute name", name, NAME);
            check("attribute " + name, value, VALUE);
        });
    }

    private static void check(String field, String text, int longest) {
        if (text.length() > longest) {
            throw new InvalidRequest(
                    field,
                    text,
                    "has " + text.length() + " characters, and the store keeps at most " + longest,
                    "Shorten it");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (c == 0 || Character.isSurrogate(c)) {
                throw new InvalidRequest(
                        field,
                        text,
                        String.format("has the character \\u%04x at %d, which databases do not keep", (int) c, i),
                        "Leave it out or encode it");
            }
        }
    }
}
