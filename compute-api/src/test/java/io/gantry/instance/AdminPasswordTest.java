package io.gantry.instance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.error.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminPasswordTest {
    @ParameterizedTest
    @ValueSource(strings = {"s", "correct horse", "'\"$(reboot)`\\", "pässwörd", " ", "\uD83D\uDC0E"})
    void anyOtherTextIsAPassword(String text) {
        assertEquals(text, AdminPassword.of(text).reveal());
    }

    @ParameterizedTest
    @ValueSource(strings = {"hunter2\n", "hunter2\u0000", "hunter2:x", "\thunter2", "hunter2\u0085", "hunter2\uD83D"})
    void whatAGuestsToolsTakeForSomethingElseIsRefusedAndNotShown(String text) {
        InvalidRequest refused = assertThrows(InvalidRequest.class, () -> AdminPassword.of(text));
        assertEquals("password", refused.field());
        assertFalse(refused.toString().contains("hunter2"), refused::toString);
        assertFalse(refused.value().contains("hunter2"));
        assertFalse(refused.remediation().isBlank());
    }

    @Test
    void theLengthHasBounds() {
        assertThrows(InvalidRequest.class, () -> AdminPassword.of(""));
        assertEquals(255, AdminPassword.of("x".repeat(255)).reveal().length());
        InvalidRequest refused = assertThrows(InvalidRequest.class, () -> AdminPassword.of("x".repeat(256)));
        assertFalse(refused.toString().contains("xxx"), refused::toString);
    }

    @Test
    void itsTextDoesNotTellIt() {
        assertFalse(AdminPassword.of("hunter2").toString().contains("hunter2"));
    }
}
