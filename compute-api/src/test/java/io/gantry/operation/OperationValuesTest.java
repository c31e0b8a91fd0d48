package io.gantry.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.error.InvalidRequest;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperationValuesTest {
    @Test
    void threeStatusesAreEnds() {
        assertEquals(
                Set.of(OperationStatus.SUCCEEDED, OperationStatus.FAILED, OperationStatus.CANCELLED),
                Arrays.stream(OperationStatus.values())
                        .filter(OperationStatus::ended)
                        .collect(Collectors.toSet()));
    }

    @Test
    void tokenIsKept() {
        assertEquals(Optional.empty(), RequestOptions.none().idempotencyToken());
        assertEquals(
                Optional.of("order-4711"),
                RequestOptions.idempotencyToken("order-4711").idempotencyToken());
        assertEquals(
                255,
                RequestOptions.idempotencyToken("x".repeat(255))
                        .idempotencyToken()
                        .orElseThrow()
                        .length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n", "256"})
    void tokenOfAnotherFormIsRefused(String text) {
        String token = text.equals("256") ? "x".repeat(256) : text;
        InvalidRequest refused = assertThrows(InvalidRequest.class, () -> RequestOptions.idempotencyToken(token));
        assertEquals("idempotencyToken", refused.field());
    }
}
