package io.gantry.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.lab.Heartbeat.DiskCounter;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
    private static final String LINE =
            "HB seq=3 name=g1 boot=9af0c2b1 up=4.37 ws=32 rate=10 kind=r dirtied=31 gen=8 errs=2";

    @Test
    void parsesAllFields() {
        assertEquals(
                Optional.of(new Heartbeat(
                        3,
                        "g1",
                        "9af0c2b1",
                        4.37,
                        32,
                        31,
                        2,
                        Map.of("vda", new DiskCounter(4, 0), "vdb", new DiskCounter(7, 1)))),
                Heartbeat.parse(LINE + " vda=4/0 vdb=7/1"));
    }

    @Test
    void sumsUpDisks() {
        Heartbeat beat = Heartbeat.parse(LINE + " vda=4/1 vdb=7/2").orElseThrow();
        assertEquals(4, beat.diskCount());
        assertEquals(3, beat.diskErrs());
        assertEquals(0, Heartbeat.parse(LINE).orElseThrow().diskCount());
    }

    @Test
    void findsTheHeartbeatBehindTheRestOfAnotherLine() {
        assertEquals(
                3, Heartbeat.parse("HB seq=99 name=g1 bo" + LINE).orElseThrow().seq());
    }

    @Test
    void otherAndCutOffLinesAreNone() {
        assertTrue(Heartbeat.parse("LABGUEST READY name=g1 boot=9af0c2b1").isEmpty());
        assertTrue(Heartbeat.parse("HB seq=3 name=g1 boot=9af0c2b1 up=4.").isEmpty());
        assertTrue(Heartbeat.parse(LINE + " vda=4").isEmpty());
        assertTrue(Heartbeat.parse("HB seq=").isEmpty());
        assertTrue(Heartbeat.parse("").isEmpty());
    }

    @Test
    void disksCannotBeChanged() {
        Map<String, DiskCounter> disks =
                Heartbeat.parse(LINE + " vda=4/0").orElseThrow().disks();
        assertThrows(UnsupportedOperationException.class, disks::clear);
    }

    @Test
    void verification() {
        assertEquals(
                new Verification(true, 0, 8192, 0, "9af0"),
                Verification.parse("verify ok bad=0 pages=8192 errs=0 boot=9af0"));
        assertFalse(Verification.parse("verify FAIL bad=1 pages=8192 errs=2 boot=9af0")
                .ok());
        assertThrows(LabException.class, () -> Verification.parse("unknown command: verfy"));
    }
}
