package io.gantry.host;

import io.gantry.error.InvalidRequest;
import java.util.Map;
import java.util.regex.Pattern;

/** The forms of what operators write about aggregates; the limits are Nova's. */
final class AggregateNames {
    /** Nova keeps an aggregate's zone among its metadata; here it would be without effect there. */
    private static final String NOVAS_ZONE_KEY = "availability_zone";

    private static final int MOST = 255;
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_:. -]{1,255}");

    private AggregateNames() {}

    static void checkName(String name) {
        if (!isText(name) || name.isBlank()) {
            throw new InvalidRequest(
                    "aggregate.name",
                    name,
                    "must be 1 to 255 characters, none of them a control character, and not blank",
                    "Use a name such as 'rack-1'");
        }
    }

    static void checkMetadata(Map<String, String> metadata) {
        metadata.forEach((key, value) -> {
            if (key.equals(NOVAS_ZONE_KEY)) {
                throw new InvalidRequest(
                        "aggregate.metadata", key, "is no metadata here", "Set the aggregate's zone with zone(...)");
            }
            if (!KEY.matcher(key).matches()) {
                throw new InvalidRequest(
                        "aggregate.metadata",
                        key,
                        "must be a key of 1 to 255 ASCII letters, digits, spaces and '- _ : .'",
                        "Use a key such as 'ssd'");
            }
            if (!isText(value)) {
                throw new InvalidRequest(
                        "aggregate.metadata." + key,
                        value,
                        "must have at most 255 characters, none of them a control character",
                        "Shorten the value");
            }
        });
    }

    private static boolean isText(String text) {
        return text.length() <= MOST && text.chars().noneMatch(Character::isISOControl);
    }
}
