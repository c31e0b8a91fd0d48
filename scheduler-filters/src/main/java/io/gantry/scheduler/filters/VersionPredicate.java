package io.gantry.scheduler.filters;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Comparisons of a version with commas between them, such as {@code >=6.0, !=6.2.1, <8}; all of them have to hold. Parts that
 * a version does not have are 0, as in {@link HypervisorVersion}, of which three parts count.
 */
final class VersionPredicate {
    private static final Pattern COMPARISON =
            Pattern.compile("\\s*(<=|>=|<|>|!=|==)\\s*([0-9]{1,9}(?:\\.[0-9]{1,3}){0,2})\\s*");

    private final List<Comparison> comparisons;

    private record Comparison(String operator, long version) {
        boolean holds(long actual) {
            return switch (operator) {
                case "<=" -> actual <= version;
                case ">=" -> actual >= version;
                case "<" -> actual < version;
                case ">" -> actual > version;
                case "!=" -> actual != version;
                default -> actual == version;
            };
        }
    }

    private VersionPredicate(List<Comparison> comparisons) {
        this.comparisons = comparisons;
    }

    /** {@return what a text says; empty if it has another form} */
    static Optional<VersionPredicate> parse(String text) {
        List<Comparison> comparisons = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Matcher matcher = COMPARISON.matcher(part);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            comparisons.add(new Comparison(matcher.group(1), HypervisorVersion.number(matcher.group(2))));
        }
        return Optional.of(new VersionPredicate(comparisons));
    }

    boolean holds(String version) {
        long actual = HypervisorVersion.number(version);
        return comparisons.stream().allMatch(comparison -> comparison.holds(actual));
    }
}
