package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.instance.SchedulerHints;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.tck.HostFilterContract;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DifferentHostFilterTest extends HostFilterContract {
    @Override
    protected HostFilter filter() {
        return new DifferentHostFilter();
    }

    @ParameterizedTest(name = "[{index}] hinted instances on {0}: {1}")
    @CsvSource({
        "'none', OK",
        "'node2', OK",
        "'node1', DIFFERENT_HOST",
        "'node2,node1', DIFFERENT_HOST",
        "'node2+node1', DIFFERENT_HOST",
        "'gone', OK"
    })
    void goldenTable(String hosts, String code) {
        assertEquals(
                code, filter().test(hinting(hosts), Given.host("node1", 0, "")).code());
    }

    /** One hinted instance for each part between commas; a plus between the two hosts of one that moves. */
    private static PlacementRequest hinting(String hosts) {
        SchedulerHints.Builder hints = SchedulerHints.builder();
        Map<InstanceId, Set<HostId>> there = Arrays.stream(hosts.split(",", -1))
                .filter(part -> !part.equals("none"))
                .collect(Collectors.toMap(
                        part -> InstanceId.random(),
                        part -> Arrays.stream(part.split("[+]", -1))
                                .filter(host -> !host.equals("gone"))
                                .map(HostId::of)
                                .collect(Collectors.toSet())));
        there.keySet().forEach(hints::differentHost);
        return Given.image(Map.of()).toBuilder()
                .hints(hints.build())
                .hintedHosts(there)
                .build();
    }
}
