package io.gantry.driver.kvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.driver.libvirt.port.JobStatistics;
import io.gantry.migration.MigrationStatistics;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KvmFiguresTest {
    @Test
    void figuresAreTypedAndNothingIsLost() {
        MigrationStatistics statistics = MigrationFigures.of(new JobStatistics(Map.of(
                "time_elapsed", 1811L,
                "downtime", 396L,
                "memory_total", 101_203_968L,
                "memory_processed", 87_356_023L,
                "memory_remaining", 4096L,
                "memory_dirty_rate", 100L,
                "memory_page_size", 8192L,
                "memory_bps", 171_442_176L,
                "memory_iteration", 3L,
                "setup_time", 69L)));
        assertEquals(Duration.ofMillis(1811), statistics.elapsed());
        assertEquals(Optional.of(Duration.ofMillis(396)), statistics.downtime());
        assertEquals(101_203_968, statistics.memoryTotal());
        assertEquals(87_356_023, statistics.memoryProcessed());
        assertEquals(4096, statistics.memoryRemaining());
        assertEquals(819_200, statistics.dirtyRate().bytesPerSecond());
        assertEquals(171_442_176, statistics.bandwidth().bytesPerSecond());
        assertEquals(3, statistics.iteration());
        assertEquals(Map.of("setup_time", "69"), statistics.other());
    }

    @Test
    void figuresThatAreNotToldAreZeroOrEmpty() {
        MigrationStatistics statistics =
                MigrationFigures.of(new JobStatistics(Map.of("memory_dirty_rate", 2L, "errmsg", "x")));
        assertEquals(Optional.empty(), statistics.downtime());
        assertEquals(0, statistics.iteration());
        assertEquals(8192, statistics.dirtyRate().bytesPerSecond(), "the usual page size");
        assertEquals(Map.of("errmsg", "x"), statistics.other());
    }

    @Test
    void versionsCompareAsNumbers() {
        assertEquals("7.2.22", KvmProfile.versionText(7_002_022));
        assertEquals(7_002_022, KvmProfile.versionNumber("7.2.22"));
        assertEquals(10_000_000, KvmProfile.versionNumber("10"));
        assertTrue(KvmProfile.versionNumber("10.0.2") > KvmProfile.versionNumber("9.2.4"));
    }

    @Test
    void onlyOldTcgIsSuspectedOfLosingMemory() {
        assertTrue(new KvmProfile("h", "kvm", "/q", "x86_64", "pc", 7_000_000, "m").migratesSafely(false));
        assertTrue(new KvmProfile("h", "qemu", "/q", "x86_64", "pc", 9_000_000, "m").migratesSafely(false));
        assertFalse(new KvmProfile("h", "qemu", "/q", "x86_64", "pc", 8_999_000, "m").migratesSafely(false));
        assertTrue(new KvmProfile("h", "qemu", "/q", "x86_64", "pc", 7_002_022, "m").migratesSafely(true));
    }
}
