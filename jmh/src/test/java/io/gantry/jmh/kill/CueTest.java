package io.gantry.jmh.kill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.core.operation.OperationProbe.Phase;
import io.gantry.jmh.kill.Cue.Variant;
import org.junit.jupiter.api.Test;

final class CueTest {
    private final Cue cue = new Cue("resize/stopped", Variant.FAIL, "start-guest", "copy-disk", Phase.UNDOING, 2);

    @Test
    void anotherProcessReadsItAsItWasWritten() {
        assertEquals(cue, Cue.of(cue.text().split("\t", -1)));
        assertEquals(cue.later(70), Cue.of(cue.later(70).text().split("\t", -1)));
    }

    @Test
    void aMomentAfterAPointIsAnotherPointAtWhichNobodyIsHeld() {
        assertTrue(cue.isHeld());
        assertFalse(cue.later(70).isHeld());
        assertEquals(cue + " + 70 ms", cue.later(70).toString());
    }
}
