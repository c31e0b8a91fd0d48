package io.gantry.core.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.instance.AdminPassword;
import io.gantry.operation.OperationId;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PasswordsInHandTest {
    private static final Instant NOW = Instant.EPOCH;

    private final PasswordsInHand passwords = new PasswordsInHand();

    @Test
    void aPasswordIsTakenOnce() {
        OperationId operation = OperationId.random();
        AdminPassword password = AdminPassword.of("secret");
        passwords.put(operation, password, NOW, NOW.plusSeconds(1));

        assertTrue(passwords.has(operation));
        assertEquals(Optional.of(password), passwords.take(operation));
        assertEquals(Optional.empty(), passwords.take(operation));
        assertFalse(passwords.has(operation));
    }

    @Test
    void whatNobodyTookIsDroppedWhenItsTimeIsOver() {
        OperationId lost = OperationId.random();
        passwords.put(lost, AdminPassword.of("lost"), NOW, NOW.plusSeconds(1));
        passwords.put(OperationId.random(), AdminPassword.of("next"), NOW.plusSeconds(1), NOW.plusSeconds(9));
        assertTrue(passwords.has(lost));
        passwords.put(OperationId.random(), AdminPassword.of("last"), NOW.plusSeconds(2), NOW.plusSeconds(9));
        assertFalse(passwords.has(lost));
        assertEquals(2, passwords.size());
    }
}
