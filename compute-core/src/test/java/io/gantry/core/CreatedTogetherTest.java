package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.instance.ServerGroupId;
import io.gantry.placement.NoValidHost;
import io.gantry.scheduler.filters.NumInstancesWeigher;
import io.gantry.servergroup.ServerGroupPolicy;
import io.gantry.servergroup.ServerGroupSpec;
import io.gantry.spi.scheduler.WeightedWeigher;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Instances that are created together are placed as one plan: where all have to be on one host, it has room for all. */
final class CreatedTogetherTest extends VerbTestBase {
    private static final String MEMBER = "member";

    /** Prefers the host with the most instances, whatever is free there. */
    @Override
    ComputeEngineBuilder settings(ComputeEngineBuilder builder) {
        return builder.weighers(List.of(new WeightedWeigher(new NumInstancesWeigher(), 1000)));
    }

    @BeforeEach
    void fillTheFirstHost() {
        flavor("large", 12);
        flavor(MEMBER, 2);
        await(instances().create(engine.spec("large").flavor("large").host(h(1)).build()));
    }

    private void flavor(String name, int gib) {
        engine.compute()
                .flavors()
                .create(Flavor.builder(name)
                        .vcpus(1)
                        .memory(MemorySize.gib(gib))
                        .disk(DiskSize.gib(1))
                        .build());
    }

    private ServerGroupId group(ServerGroupPolicy policy) {
        return engine.compute()
                .serverGroups()
                .create(ServerGroupSpec.builder("web", policy).build())
                .id();
    }

    private List<HostId> create(ServerGroupId group, int count) {
        return instances()
                .create(engine.spec("web").flavor(MEMBER).group(group).build(), count, count, NO_OPTIONS)
                .stream()
                .map(create -> await(create).host().orElseThrow())
                .toList();
    }

    @Test
    void theBestHostIsPassedOverIfItHasNoRoomForAll() {
        Set<HostId> hosts =
                create(group(ServerGroupPolicy.AFFINITY), 3).stream().collect(Collectors.toSet());

        assertEquals(1, hosts.size());
        assertEquals(1, engine.claimedInstances(1));
    }

    @Test
    void theBestHostIsTakenIfItHas() {
        assertEquals(List.of(h(1), h(1)), create(group(ServerGroupPolicy.AFFINITY), 2));
    }

    @Test
    void othersMayBeApart() {
        assertEquals(
                List.of(h(1), h(1)),
                create(group(ServerGroupPolicy.SOFT_AFFINITY), 3).subList(0, 2));
    }

    @Test
    void membersThatAreThereSayWhereTheOthersHaveToFit() {
        ServerGroupId group = group(ServerGroupPolicy.AFFINITY);
        create(group, 1);
        assertEquals(2, engine.claimedInstances(1));

        assertThrows(NoValidHost.class, () -> create(group, 2));

        assertEquals(2, engine.claimedInstances(1));
        assertEquals(List.of(h(1)), create(group, 1));
    }

    @Test
    void whereNoHostHasRoomForAllNoneIsMadeAndTheReportSaysWhatIsMissing() {
        ServerGroupId group = group(ServerGroupPolicy.AFFINITY);

        NoValidHost refused = assertThrows(NoValidHost.class, () -> create(group, 9));

        assertEquals(
                "RoomForAll ROOM_FOR_ALL: needs 2 GiB for each of 9 members, has 16 GiB",
                refused.report().hosts().stream()
                        .filter(host -> host.host().equals(h(2)))
                        .map(host -> host.rejection().orElseThrow())
                        .map(rejection -> rejection.filter() + " " + rejection.verdict())
                        .collect(Collectors.joining()));
        assertTrue(
                refused.report().advice().orElse("").contains("lacks nothing else but 2 GiB of memory"),
                refused.report()::toString);
        assertEquals(1, instances().list().size());
        assertEquals(0, engine.claimedInstances(2));
    }
}
