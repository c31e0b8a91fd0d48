package io.gantry.core.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.host.HostId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class BuildFailuresTest {
    private static final HostId H1 = HostId.of("h1");
    private static final HostId H2 = HostId.of("h2");

    private final SetClock clock = new SetClock();
    private final BuildFailures failures = new BuildFailures(clock, Duration.ofMinutes(10));

    private static final class SetClock extends Clock {
        private Instant now = Instant.EPOCH;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        void pass(Duration time) {
            now = now.plus(time);
        }
    }

    @Test
    void failuresOfAHostAddUp() {
        failures.failed(H1);
        failures.failed(H1);

        assertEquals(2, failures.of(H1));
        assertEquals(0, failures.of(H2));
    }

    @Test
    void eachCountsHalfAfterTheHalfLife() {
        failures.failed(H1);
        clock.pass(Duration.ofMinutes(10));
        assertEquals(0.5, failures.of(H1));

        failures.failed(H1);
        assertEquals(1.5, failures.of(H1));

        clock.pass(Duration.ofMinutes(20));
        assertEquals(0.375, failures.of(H1));
    }

    @Test
    void aSuccessMakesUpForAll() {
        failures.failed(H1);
        failures.failed(H1);
        failures.failed(H2);

        failures.succeeded(H1);

        assertEquals(0, failures.of(H1));
        assertEquals(1, failures.of(H2));
    }

    @Test
    void whatIsLongAgoIsForgotten() {
        failures.failed(H1);
        clock.pass(Duration.ofMinutes(61));

        assertEquals(0, failures.of(H1));
        assertEquals(Set.of(H1), failures.fading());
        assertEquals(Set.of(), failures.fading());
    }

    @Test
    void aClockThatIsSetBackMakesNothingWorse() {
        failures.failed(H1);
        clock.pass(Duration.ofDays(-1));

        assertEquals(1, failures.of(H1));
    }

    @Test
    void listenersAreToldOfEachFailure() {
        List<HostId> told = new ArrayList<>();
        failures.onChange(told::add);

        failures.failed(H1);
        failures.failed(H2);

        assertEquals(List.of(H1, H2), told);
    }
}
