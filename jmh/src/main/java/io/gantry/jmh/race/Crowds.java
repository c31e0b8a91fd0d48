package io.gantry.jmh.race;

import io.gantry.driver.sim.SimFleet;
import io.gantry.flavor.Flavor;
import io.gantry.host.Host;
import io.gantry.instance.InstanceSpec;
import io.gantry.instance.VmState;
import io.gantry.jmh.race.Racers.Finish;
import io.gantry.jmh.scene.Inspection;
import io.gantry.jmh.scene.Residue;
import io.gantry.jmh.scene.Stage;
import io.gantry.operation.Operation;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** More creates at once than there is room for. */
final class Crowds {
    static final int QUOTA = 10;

    private static final int RACERS = 50;
    private static final int CREATES = 100;
    private static final int ROOM = 60;
    private static final String BIG = "big";

    private final SimFleet fleet;
    private final List<Stage> nodes;

    Crowds(SimFleet fleet, List<Stage> nodes) {
        this.fleet = fleet;
        this.nodes = nodes;
    }

    /** Racers at a quota of instances. */
    Trial quota(String name) throws InterruptedException {
        return run(name, RACERS, Stage.SMALL, QUOTA, "QUOTA_EXCEEDED");
    }

    /** Creates on hosts with room for fewer: 20 a host, by its disk. */
    Trial room(String name) throws InterruptedException {
        nodes.get(0)
                .compute()
                .flavors()
                .create(Flavor.builder(BIG)
                        .memory(MemorySize.mib(16))
                        .disk(DiskSize.gib(10))
                        .extraSpec("sim:resident_mib", "1")
                        .extraSpec("sim:working_set_mib", "1")
                        .extraSpec("sim:dirty_rate_mib", "0")
                        .build());
        return run(name, CREATES, BIG, ROOM, "NO_VALID_HOST");
    }

    private Trial run(String name, int racers, String flavor, int winners, String loss) throws InterruptedException {
        // A node learns of hosts that another one has registered within a tick.
        nodes.forEach(Stage::awaitHosts);
        List<Callable<Operation<?>>> requests = new ArrayList<>();
        for (int i = 0; i < racers; i++) {
            Stage node = nodes.get(i % nodes.size());
            InstanceSpec spec = InstanceSpec.builder("racer-" + i)
                    .flavor(flavor)
                    .image(node.image())
                    .build();
            requests.add(() -> node.compute().instances().create(spec));
        }
        List<Finish> finishes = Racers.run(requests);
        List<String> problems = new ArrayList<>();
        finishes.stream()
                .filter(finish -> !finish.won() && !finish.code().equals(loss))
                .forEach(finish -> problems.add("a loser was told " + finish.text()));
        long won = finishes.stream().filter(Finish::won).count();
        Stage node = nodes.get(0);
        count(problems, "operations that succeeded", won, winners);
        count(
                problems,
                "active instances",
                node.compute().instances().list().stream()
                        .filter(instance -> instance.state() == VmState.ACTIVE)
                        .count(),
                winners);
        count(
                problems,
                "claims of instances",
                node.compute().hosts().list().stream()
                        .map(Host::usage)
                        .mapToLong(usage -> usage.instances())
                        .sum(),
                winners);
        count(
                problems,
                "guests",
                node.hostNames().stream()
                        .mapToLong(host -> fleet.host(host).guests().size())
                        .sum(),
                winners);
        problems.addAll(new Inspection(node).findings());
        node.clear();
        Residue.of(fleet, node.hostNames()).forEach(left -> problems.add("cleared: " + left));
        new Inspection(node).findings().forEach(finding -> problems.add("cleared: " + finding));
        return new Trial(name, racers, won, racers - won, problems);
    }

    private static void count(List<String> problems, String what, long found, long expected) {
        if (found != expected) {
            problems.add(found + " " + what + " rather than " + expected);
        }
    }
}
