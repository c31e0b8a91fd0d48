package io.gantry.jmh.kill;

import io.gantry.core.operation.OperationProbe.Phase;

/**
 * A point at which a process is killed.
 *
 * @param scene what is under way
 * @param variant how it goes
 * @param failing after which step a failure is injected, in variants that fail
 * @param step the step
 * @param phase where at the step
 * @param occurrence the how manieth time that it comes by, from 1
 * @param later how many milliseconds later the process is killed, in the midst of what it does then; 0 to hold it there
 */
record Cue(String scene, Variant variant, String failing, String step, Phase phase, int occurrence, int later) {
    /** How an operation goes. */
    enum Variant {
        /** By itself. */
        SUCCEED,
        /** With a failure that is nobody's. */
        FAIL,
        /** With a failure of the host, after which a verb may try another one. */
        FAIL_HOST
    }

    /** A point at which the process is held. */
    Cue(String scene, Variant variant, String failing, String step, Phase phase, int occurrence) {
        this(scene, variant, failing, step, phase, occurrence, 0);
    }

    /** {@return the same point, passed some milliseconds before} */
    Cue later(int milliseconds) {
        return new Cue(scene, variant, failing, step, phase, occurrence, milliseconds);
    }

    boolean isHeld() {
        return later == 0;
    }

    String text() {
        return String.join(
                "\t",
                scene,
                variant.name(),
                failing,
                step,
                phase.name(),
                Integer.toString(occurrence),
                Integer.toString(later));
    }

    static Cue of(String... parts) {
        return new Cue(
                parts[0],
                Variant.valueOf(parts[1]),
                parts[2],
                parts[3],
                Phase.valueOf(parts[4]),
                Integer.parseInt(parts[5]),
                Integer.parseInt(parts[6]));
    }

    @Override
    public String toString() {
        return scene + (variant == Variant.SUCCEED ? "" : " (" + variant + " after " + failing + ")") + " at " + step
                + " " + phase + (occurrence == 1 ? "" : " no. " + occurrence)
                + (isHeld() ? "" : " + " + later + " ms");
    }
}
