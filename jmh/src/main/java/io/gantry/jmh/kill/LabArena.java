package io.gantry.jmh.kill;

import io.gantry.core.operation.OperationProbe.Phase;
import io.gantry.jmh.real.LabPlot;
import io.gantry.lab.Lab;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Real hosts: libvirt daemons of a lab, whose guests QEMU runs. */
final class LabArena implements Arena {
    private static final int LANES = Integer.getInteger("gantry.measure.lanes", 2);
    private static final int HOSTS = 3;
    private static final long SEED = 20_260_104;

    /** Steps during which the hypervisor works for seconds. */
    private static final Set<String> LONG_STEPS = Set.of("copy", "copy-disk", "rebuild-disk");

    /** Verbs that change what there is on hosts, and where. */
    private static final Set<String> VERBS = Set.of(
            "create", "delete", "resize", "confirm-resize", "revert-resize", "migrate", "live-migrate", "rebuild");

    private final Lab lab;

    private LabArena(Lab lab) {
        this.lab = lab;
    }

    /** Starts the hosts. */
    static LabArena start() {
        return new LabArena(Lab.start(HOSTS * LANES));
    }

    @Override
    public String name() {
        return "real hosts";
    }

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public Predicate<String> verbs() {
        return VERBS::contains;
    }

    /** Those of the journal, and for each step that is begun a moment in its midst; several while a guest is copied. */
    @Override
    public List<Cue> cues(List<Cue> journal) {
        Random random = new Random(SEED);
        return journal.stream()
                .flatMap(cue -> Stream.concat(
                        Stream.of(cue), IntStream.range(0, moments(cue)).mapToObj(n -> cue.later(moment(random)))))
                .toList();
    }

    private static int moments(Cue cue) {
        boolean begins =
                cue.phase() == Phase.UNDOING || (cue.phase() == Phase.BEGUN && cue.variant() == Cue.Variant.SUCCEED);
        return !begins ? 0 : LONG_STEPS.contains(cue.step()) ? 4 : 1;
    }

    /** {@return some milliseconds, as likely to be 10 to 30 as 1,000 to 3,000} */
    private static int moment(Random random) {
        return (int) Math.pow(10, 1 + 2.5 * random.nextDouble());
    }

    @Override
    public Witness witness(int lane, Path directory) {
        return new LabWitness(lab, LabPlot.of(lab, 1 + HOSTS * lane), directory.resolve("hosts"));
    }

    /** Takes the hosts down; nothing of them stays. */
    @Override
    public void close() {
        lab.close();
    }
}
