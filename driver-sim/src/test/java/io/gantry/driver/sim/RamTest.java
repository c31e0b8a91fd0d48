package io.gantry.driver.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class RamTest {
    private static final int PAGES = 4096;

    private final LongAdder fleetPages = new LongAdder();

    @Test
    void idleGuestOwnsNoPage() {
        Ram ram = ram(new Workload(0, 0, 0, false));
        ram.elapse(TimeUnit.DAYS.toNanos(365));
        ram.sync();
        assertEquals(0, fleetPages.sum());
        assertEquals(new PageReport(0, List.of()), ram.verify());
    }

    @Test
    void residentPagesAreWrittenOnceAndFreed() {
        Ram ram = ram(new Workload(1000, 0, 0, false));
        ram.sync();
        ram.sync();
        assertEquals(1000, fleetPages.sum());
        PageReport report = ram.verify();
        assertTrue(report.intact(), report::toString);
        assertEquals(1000, report.checked());
        ram.free();
        assertEquals(0, fleetPages.sum());
    }

    @Test
    void lostPageIsNoticed() {
        Ram ram = ram(new Workload(100, 0, 0, false));
        ram.sync();
        ram.table().drop(42);
        assertProblem(ram, "Page 42 is missing");
    }

    @Test
    void olderVersionOfPageIsNoticed() {
        Ram ram = ram(new Workload(100, 0, 0, false));
        ram.sync();
        long[] old = ram.table().findOrAdd(42).clone();
        ram.write(42);
        System.arraycopy(old, 0, ram.table().findOrAdd(42), 0, old.length);
        assertProblem(ram, "Page 42 has version 1 instead of 2");
    }

    @Test
    void pageInWrongPlaceIsNoticed() {
        Ram ram = ram(new Workload(100, 0, 0, false));
        ram.sync();
        System.arraycopy(ram.table().findOrAdd(7), 0, ram.table().findOrAdd(42), 0, PageTable.WORDS);
        assertProblem(ram, "Page 42 holds page 7");
    }

    @Test
    void oneWrongBitIsNoticed() {
        Ram ram = ram(new Workload(100, 0, 0, false));
        ram.sync();
        ram.table().findOrAdd(42)[511] ^= 1L << 63;
        assertProblem(ram, "Page 42 is damaged at word 511");
    }

    @Test
    void pageThatTheGuestNeverWroteIsNoticed() {
        Ram ram = ram(new Workload(100, 0, 0, false));
        ram.sync();
        ram.table().findOrAdd(200);
        assertProblem(ram, "101 pages exist, but the guest wrote 100");
    }

    @Test
    void pagesOfOneGuestAreNotThoseOfAnother() {
        Ram one = new Ram(PAGES, 1, new Workload(1, 0, 0, false), fleetPages);
        Ram other = new Ram(PAGES, 2, new Workload(1, 0, 0, false), fleetPages);
        one.sync();
        other.sync();
        System.arraycopy(one.table().findOrAdd(0), 0, other.table().findOrAdd(0), 0, PageTable.WORDS);
        assertProblem(other, "Page 0 is damaged");
    }

    /** W (1 - e^(-Dt/W)) pages of a working set W are dirty after a time t; here W = 1,000 and Dt = 500: 393.5. */
    @Test
    void dirtyPagesFollowTheModel() {
        long writesPerSecond = 500;
        Ram ram = ram(new Workload(1000, 1000, writesPerSecond * 4096, false));
        ram.sync();
        PageBits log = new PageBits(PAGES);
        ram.track(log);
        assertEquals(1000, log.count(), "what exists counts as dirty at first");
        log.moveTo(new PageBits(PAGES));
        ram.elapse(TimeUnit.SECONDS.toNanos(1));
        ram.sync();
        assertEquals(393.5, log.count(), 393.5 * 0.08);
        assertEquals(1000, fleetPages.sum());
    }

    @Test
    void longTimeDirtiesTheWholeWorkingSetAndNoMore() {
        Ram ram = ram(new Workload(0, 1000, 1L << 30, false));
        ram.elapse(TimeUnit.HOURS.toNanos(1));
        ram.sync();
        assertEquals(1000, fleetPages.sum());
        assertTrue(ram.verify().intact());
    }

    @Test
    void timeInSmallPiecesAddsUp() {
        Ram ram = ram(new Workload(0, 4096, 40_960, false));
        PageBits log = new PageBits(PAGES);
        ram.track(log);
        long[] versions = new long[1];
        for (int i = 0; i < 1000; i++) {
            ram.elapse(TimeUnit.MILLISECONDS.toNanos(1));
            ram.sync();
            versions[0] = log.count();
        }
        // 10 pages a second for one second, of 4,096: next to none is hit twice.
        assertTrue(versions[0] >= 9 && versions[0] <= 10, () -> versions[0] + " pages");
    }

    private Ram ram(Workload workload) {
        return new Ram(PAGES, 99, workload, fleetPages);
    }

    private static void assertProblem(Ram ram, String problem) {
        PageReport report = ram.verify();
        assertFalse(report.intact());
        assertEquals(1, report.problems().size(), report::toString);
        assertTrue(report.problems().get(0).startsWith(problem), report::toString);
    }
}
