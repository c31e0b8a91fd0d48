package io.gantry.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.InvalidRequest;
import io.gantry.host.HostId;
import io.gantry.unit.Bandwidth;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveMigrationSpecTest {
    @Test
    void defaultsAreAsSaid() {
        LiveMigrationSpec spec = LiveMigrationSpec.anywhere();
        assertEquals(Optional.empty(), spec.target());
        assertEquals(Duration.ofMillis(500), spec.maxDowntime());
        assertEquals(Duration.ofMinutes(15), spec.deadline());
        assertEquals(new Bandwidth(0), spec.maxBandwidth());
        assertEquals(
                Optional.of(HostId.of("h1")),
                LiveMigrationSpec.to(HostId.of("h1")).target());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.000999S", "PT33M20.000000001S"})
    void downtimeOutOfRangeIsRefused(String time) {
        assertRefused("migration.maxDowntime", time, LiveMigrationSpec.builder().maxDowntime(Duration.parse(time)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0.001S", "PT33M20S"})
    void downtimeAtItsBoundsIsTaken(String time) {
        Duration downtime = Duration.parse(time);
        assertEquals(
                downtime,
                LiveMigrationSpec.builder().maxDowntime(downtime).build().maxDowntime());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT168H0.000000001S"})
    void deadlineOutOfRangeIsRefused(String time) {
        assertRefused("migration.deadline", time, LiveMigrationSpec.builder().deadline(Duration.parse(time)));
    }

    @Test
    void bandwidthIsZeroOrAtLeastOneMebibyte() {
        assertRefused(
                "migration.maxBandwidth", "1 B/s", LiveMigrationSpec.builder().maxBandwidth(new Bandwidth(1)));
        assertRefused(
                "migration.maxBandwidth",
                "1024.0 KiB/s",
                LiveMigrationSpec.builder().maxBandwidth(new Bandwidth((1 << 20) - 1)));
        Bandwidth least = Bandwidth.mibPerSecond(1);
        assertEquals(
                least, LiveMigrationSpec.builder().maxBandwidth(least).build().maxBandwidth());
    }

    private static void assertRefused(String field, String value, LiveMigrationSpec.Builder builder) {
        InvalidRequest refused = assertThrows(InvalidRequest.class, builder::build);
        assertEquals(field, refused.field());
        assertEquals(value, refused.value());
        assertTrue(refused.remediation().length() > 5);
    }
}
