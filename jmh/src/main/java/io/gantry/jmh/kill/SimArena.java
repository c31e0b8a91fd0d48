package io.gantry.jmh.kill;

import io.gantry.driver.sim.SimFleet;
import io.gantry.jmh.remote.RemoteFleet;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/** Simulated hosts, in this process. */
final class SimArena implements Arena {
    private final SimFleet fleet = SimFleet.create();
    private final RemoteFleet remote = RemoteFleet.serve(fleet);

    @Override
    public String name() {
        return "simulated hosts";
    }

    @Override
    public int lanes() {
        return 4;
    }

    @Override
    public Predicate<String> verbs() {
        return verb -> true;
    }

    /** Those of the journal: a simulated call is either not begun or done. */
    @Override
    public List<Cue> cues(List<Cue> journal) {
        return journal;
    }

    @Override
    public Witness witness(int lane, Path directory) {
        return new SimWitness(fleet, remote, "lane-" + lane + "-");
    }

    @Override
    public void close() {
        remote.close();
        fleet.close();
    }
}
