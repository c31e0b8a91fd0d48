package io.gantry.placement;

import io.gantry.error.InvalidRequest;
import java.util.List;
import java.util.regex.Pattern;

/** The form of the names that providers carry. */
final class ProviderNames {
    private static final Pattern TRAIT = Pattern.compile("[A-Z0-9_]{1,255}");
    private static final int MAX_AGGREGATE = 255;

    private ProviderNames() {}

    static List<String> traits(List<String> names) {
        names.forEach(name -> {
            if (!TRAIT.matcher(name).matches()) {
                throw new InvalidRequest(
                        "provider.trait",
                        name,
                        "must be 1 to 255 upper-case letters, digits and '_'",
                        "Use a standard trait, or a name such as 'CUSTOM_SSD'");
            }
        });
        return names;
    }

    static List<String> aggregates(List<String> names) {
        names.forEach(name -> {
            if (name.isBlank()
                    || name.length() > MAX_AGGREGATE
                    || name.codePoints().anyMatch(Character::isISOControl)) {
                throw new InvalidRequest(
                        "provider.aggregate",
                        name,
                        "must be 1 to 255 characters, none of them a control character, and not blank",
                        "Use the aggregate's name, such as 'rack-1'");
            }
        });
        return names;
    }
}
