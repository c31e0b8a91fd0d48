package com.example.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A condition in JSON, as Nova's JsonFilter reads it: {@code ["and", [">=", "$free_ram_mb", 1024], ["in", "$zone", "a", "b"]]}.
 * The first element of a list is the operator: {@code and}, {@code or}, {@code not}, or a comparison of the first operand
 * with each of the others: {@code =}, {@code <}, {@code >}, {@code <=}, {@code >=} have to hold for all of them, {@code in}
 * for one. A text that begins with {@code $} is looked up. Immutable.
 */
final class Query {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Predicate<Function<String, Object>> condition;

    private Query(Predicate<Function<String, Object>> condition) {
        this.condition = condition;
    }

    /** Reads a query; throws {@link Malformed} if it is none. */
    static Query parse(String text) {
        try {
            return new Query(condition(JSON.readTree(text)));
        } catch (JsonProcessingException e) {
            throw new Malformed("is no JSON: " + e.getOriginalMessage());
        }
    }

    /** {@return whether the condition holds} What {@code lookup} does not know is null, and compares with nothing. */
    boolean test(Function<String, Object> lookup) {
        return condition.test(lookup);
    }

    private static Predicate<Function<String, Object>> condition(JsonNode node) {
        if (!node.isArray() || node.isEmpty() || !node.get(0).isTextual()) {
            throw new Malformed(node + " is no list that begins with an operator");
        }
        String operator = node.get(0).textValue();
        List<JsonNode> operands = new ArrayList<>();
        node.forEach(operands::add);
        operands.remove(0);
        return switch (operator) {
            case "and" -> all(operands);
            case "or" -> any(operands);
            case "not" -> {
                if (operands.size() != 1) {
                    throw new Malformed("not has " + operands.size() + " operands instead of 1");
                }
                yield condition(operands.get(0)).negate();
            }
            case "=" -> compare(operands, Object::equals, true);
            case "in" -> compare(operands, Object::equals, false);
            case "<" -> compare(operands, (a, b) -> order(a, b) < 0, true);
            case ">" -> compare(operands, (a, b) -> order(a, b) > 0, true);
            case "<=" -> compare(operands, (a, b) -> order(a, b) <= 0, true);
            case ">=" -> compare(operands, (a, b) -> order(a, b) >= 0, true);
            default -> throw new Malformed(operator + " is no operator");
        };
    }

    private static Predicate<Function<String, Object>> all(List<JsonNode> operands) {
        List<Predicate<Function<String, Object>>> conditions = operands.stream().map(Query::condition).toList();
        return lookup -> conditions.stream().allMatch(condition -> condition.test(lookup));
    }

    private static Predicate<Function<String, Object>> any(List<JsonNode> operands) {
        List<Predicate<Function<String, Object>>> conditions = operands.stream().map(Query::condition).toList();
        return lookup -> conditions.stream().anyMatch(condition -> condition.test(lookup));
    }

    private static Predicate<Function<String, Object>> compare(
            List<JsonNode> operands, BiPredicate<Object, Object> holds, boolean forAll) {
        if (operands.size() < 2) {
            throw new Malformed("a comparison needs 2 operands at least");
        }
        List<Function<Function<String, Object>, Object>> values = operands.stream().map(Query::value).toList();
        return lookup -> {
            Object first = values.get(0).apply(lookup);
            Predicate<Function<Function<String, Object>, Object>> one = value -> {
                Object other = value.apply(lookup);
                return first != null && other != null && first.getClass() == other.getClass() && holds.test(first, other);
            };
            List<Function<Function<String, Object>, Object>> others = values.subList(1, values.size());
            return forAll ? others.stream().allMatch(one) : others.stream().anyMatch(one);
        };
    }

    /** Both are texts, or both are numbers: others were not compared. */
    private static int order(Object first, Object second) {
        return first instanceof Double number
                ? number.compareTo((Double) second)
                : first.toString().compareTo(second.toString());
    }

    private static Function<Function<String, Object>, Object> value(JsonNode node) {
        if (node.isNumber()) {
            Double number = node.doubleValue();
            return lookup -> number;
        }
        if (!node.isTextual()) {
            throw new Malformed(node + " is neither a text nor a number");
        }
        String text = node.textValue();
        return text.startsWith("$") ? lookup -> lookup.apply(text.substring(1)) : lookup -> text;
    }

    /** Says what is wrong with a query. */
    static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }
}
