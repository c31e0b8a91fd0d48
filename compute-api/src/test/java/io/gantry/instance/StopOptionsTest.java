package io.gantry.instance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.error.InvalidRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StopOptionsTest {
    @Test
    void timesAreAsSaid() {
        assertEquals(Duration.ofSeconds(60), StopOptions.clean().cleanTimeout());
        assertEquals(Duration.ZERO, StopOptions.hard().cleanTimeout());
        assertEquals(Duration.ofDays(1), StopOptions.clean(Duration.ofDays(1)).cleanTimeout());
        assertEquals(Duration.ofNanos(1), StopOptions.clean(Duration.ofNanos(1)).cleanTimeout());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT24H0.000000001S"})
    void timeOutOfRangeIsRefused(String time) {
        InvalidRequest refused = assertThrows(InvalidRequest.class, () -> StopOptions.clean(Duration.parse(time)));
        assertEquals("stop.timeout", refused.field());
        assertEquals(time, refused.value());
    }
}
