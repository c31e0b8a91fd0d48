package io.gantry.scheduler.filters;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What an extra spec asks of a value, in Nova's grammar: an operator and its operands, separated by white space, or just the
 * value that is wanted.
 *
 * <ul>
 *   <li>{@code =} and {@code >=}: at least, as numbers; {@code ==}, {@code !=}, {@code <=}: as numbers
 *   <li>{@code s==}, {@code s!=}, {@code s<}, {@code s<=}, {@code s>}, {@code s>=}: as text
 *   <li>{@code <in> a}: the value contains {@code a}; {@code <all-in> a b}: it contains both
 *   <li>{@code <or> a <or> b}: the value is one of them
 * </ul>
 *
 * <p>Those that take one operand ignore further ones. An operator without operand is met by nothing, and so is a comparison of
 * numbers if one of them is none. Whatever does not begin with one of these is equality with the whole text.
 */
final class ExtraSpecMatch {
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?([0-9]++(\\.[0-9]*+)?+|\\.[0-9]++)([eE][+-]?[0-9]++)?+");

    private ExtraSpecMatch() {}

    /** {@return whether an extra spec is of a namespace, which ends in a colon, or of none} */
    static boolean concerns(String namespace, String key) {
        return key.startsWith(namespace) || !key.contains(":");
    }

    /** {@return the key of an extra spec that concerns a namespace, without it} */
    static String withoutNamespace(String namespace, String key) {
        return key.startsWith(namespace) ? key.substring(namespace.length()) : key;
    }

    /**
     * {@return whether the value is as required; never throws}
     *
     * @param value what there is
     * @param requirement what is asked of it
     */
    static boolean matches(String value, String requirement) {
        List<String> words = Arrays.asList(SPACE.split(requirement.strip()));
        String operator = words.get(0);
        List<String> operands = words.subList(1, words.size());
        return switch (operator) {
            case "=", ">=", "==", "!=", "<=" -> !operands.isEmpty() && numbers(operator, value, operands.get(0));
            case "s==", "s!=", "s<", "s<=", "s>", "s>=" ->
                !operands.isEmpty() && holds(operator.substring(1), value.compareTo(operands.get(0)));
            case "<in>" -> !operands.isEmpty() && value.contains(operands.get(0));
            case "<all-in>" -> !operands.isEmpty() && operands.stream().allMatch(value::contains);
            case "<or>" -> isOneOf(value, operands);
            default -> value.equals(requirement);
        };
    }

    private static boolean numbers(String operator, String value, String operand) {
        String number = value.strip();
        return NUMBER.matcher(number).matches()
                && NUMBER.matcher(operand).matches()
                && holds(operator, Double.compare(number(number), number(operand)));
    }

    /** Adding zero makes -0 a 0, which {@code Double.compare} tells apart. */
    private static double number(String text) {
        return Double.parseDouble(text) + 0.0;
    }

    private static boolean holds(String operator, int order) {
        return switch (operator) {
            case "=", ">=" -> order >= 0;
            case "==" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            default -> order > 0;
        };
    }

    /** Every second word is a value; those between separate, whatever they are. */
    private static boolean isOneOf(String value, List<String> operands) {
        for (int i = 0; i < operands.size(); i += 2) {
            if (operands.get(i).equals(value)) {
                return true;
            }
        }
        return false;
    }
}
