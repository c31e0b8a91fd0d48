package io.gantry.jmh.fleet;

import java.time.Duration;
import java.util.List;

/** How much processor time the run's processes have used. */
final class Processors {
    private Processors() {}

    /**
     * Processor time since the processes began.
     *
     * @param nodes of the control nodes
     * @param database of the server's processes
     * @param fleet of this process, which simulates the hosts
     */
    record Spent(Duration nodes, Duration database, Duration fleet) {
        Spent since(Spent before) {
            return new Spent(nodes.minus(before.nodes), database.minus(before.database), fleet.minus(before.fleet));
        }

        /** {@return it as shares of what all processors of this machine have in a time} */
        String of(Duration time) {
            double all = time.toNanos() / 100.0 * Runtime.getRuntime().availableProcessors();
            return String.format(
                    "nodes %.0f%%, PostgreSQL %.0f%%, simulated hosts %.0f%%",
                    nodes.toNanos() / all, database.toNanos() / all, fleet.toNanos() / all);
        }
    }

    static Spent spent(List<Member> nodes) {
        Duration ofNodes = nodes.stream()
                .map(node -> ProcessHandle.of(node.pid())
                        .flatMap(process -> process.info().totalCpuDuration())
                        .orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
        Duration database = ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .command()
                        .filter(path -> path.endsWith("/postgres"))
                        .isPresent())
                .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
        Duration own = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        return new Spent(ofNodes, database, own);
    }
}
