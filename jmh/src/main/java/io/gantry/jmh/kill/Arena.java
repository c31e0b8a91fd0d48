package io.gantry.jmh.kill;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/** Hosts that outlive control nodes, in several sets of three. */
interface Arena extends AutoCloseable {
    /** {@return what they are called} */
    String name();

    /** {@return how many control nodes can be killed at a time} */
    int lanes();

    /** {@return the verbs that are played there} */
    Predicate<String> verbs();

    /**
     * {@return the points at which control nodes are killed there}
     *
     * @param journal the points of the journal of these verbs
     */
    List<Cue> cues(List<Cue> journal);

    /**
     * {@return a look at the three hosts of a lane}
     *
     * @param lane the lane, from 0
     * @param directory the lane's directory
     */
    Witness witness(int lane, Path directory);

    @Override
    void close();
}
