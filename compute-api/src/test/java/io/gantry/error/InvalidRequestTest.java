package io.gantry.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class InvalidRequestTest {
    private static InvalidRequest of(Object value) {
        return new InvalidRequest("flavor.vcpus", value, "must be at least 1", "Give 1 or more");
    }

    @Example
    void messageNamesFieldValueProblemAndRemedy() {
        InvalidRequest failure = of(0);
        assertEquals("flavor.vcpus '0' must be at least 1. Give 1 or more.", failure.getMessage());
        assertEquals("flavor.vcpus", failure.field());
        assertEquals("0", failure.value());
        assertEquals("Give 1 or more", failure.remediation());
        assertEquals("INVALID_REQUEST", failure.code());
        assertFalse(failure.retryable());
    }

    @Example
    void longValueIsCutByCharactersNotWithinOne() {
        assertEquals("x".repeat(120), of("x".repeat(120)).value());
        assertEquals("x".repeat(120) + "…", of("x".repeat(121)).value());
        assertEquals("🚀".repeat(120) + "…", of("🚀".repeat(121)).value());
    }

    @Example
    void controlCharactersAreEscaped() {
        assertEquals(
                "a\\u000ab\\u001b[31m\\u0000\\u007f\\u0085",
                of("a\nb\u001b[31m\0\u007f\u0085").value());
    }

    @Property
    void anyValueYieldsOneLineOfBoundedLength(@ForAll String value) {
        String message = of(value).getMessage();
        assertTrue(message.chars().noneMatch(Character::isISOControl), message);
        assertTrue(of(value).value().length() <= 120 * 6 + 1);
    }
}
