package io.gantry.jmh.fleet;

import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.host.HostSpec;
import io.gantry.identity.Caller;
import io.gantry.identity.ProjectId;
import io.gantry.identity.Role;
import io.gantry.identity.UserId;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * What a run is made of.
 *
 * @param hosts how many hosts there are
 * @param instances how many instances are created before a node is killed
 * @param most after which time no further create is asked for, however many there were
 * @param perNode how many more each node creates until then
 * @param callers how many callers each node has, each of which waits for one create at a time
 */
record Plan(int hosts, int instances, Duration most, int perNode, int callers) {
    static final int NODES = 3;

    /** How long other nodes leave a node's operations alone; the engine's default. */
    static final Duration LEASE = Duration.ofSeconds(15);

    /** From the kill on, all that the node left is done after its lease and so much time. */
    static final Duration TAKEOVER = LEASE;

    /** Of so many of the best hosts one is drawn, so that nodes get less into each other's way. */
    static final int SUBSET = 30;

    static final Duration PATIENCE = Duration.ofMinutes(10);
    static final String IMAGE = "base";

    private static final int PROJECTS = 100;

    /** Of hosts: vCPUs, GiB of memory, GiB of disk. */
    private static final int[][] HOSTS = {{16, 96, 1_600}, {24, 144, 2_400}, {32, 192, 3_200}};

    /** Of flavors: vCPUs, GiB of memory, GiB of disk; how often each is asked for, of ten times. */
    private static final int[][] FLAVORS = {{1, 2, 20, 4}, {2, 4, 40, 3}, {4, 8, 80, 2}, {8, 16, 160, 1}};

    static Plan of(boolean isShort) {
        return isShort
                ? new Plan(500, 3_000, Duration.ofSeconds(100), 200, 16)
                : new Plan(10_000, 100_000, Duration.ofMinutes(20), 400, 16);
    }

    static String node(int number) {
        return "node-" + number;
    }

    static HostSpec host(int number) {
        int[] size = HOSTS[number % HOSTS.length];
        String name = String.format("host-%05d", number);
        return HostSpec.builder(HostId.of(name).value())
                .driver("sim")
                .connection("sim://" + name + "?vcpus=" + size[0] + "&memory-mib=" + (size[1] << 10) + "&disk-gib="
                        + size[2])
                .build();
    }

    static List<Flavor> flavors() {
        return Arrays.stream(FLAVORS)
                .map(size -> Flavor.builder("f" + size[0])
                        .vcpus(size[0])
                        .memory(MemorySize.gib(size[1]))
                        .disk(DiskSize.gib(size[2]))
                        .build())
                .toList();
    }

    /** {@return the flavor of one create in ten} */
    static String flavor(int number) {
        int rest = number % 10;
        for (int[] size : FLAVORS) {
            rest -= size[3];
            if (rest < 0) {
                return "f" + size[0];
            }
        }
        throw new IllegalStateException("The shares add up to 10");
    }

    /** {@return who asks for one create: a member of one of many projects} */
    static Caller caller(int number) {
        int project = number % PROJECTS;
        return new Caller(ProjectId.of("project-" + project), UserId.of("user-" + project), Role.MEMBER);
    }
}
