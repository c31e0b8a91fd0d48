package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.host.HostId;
import io.gantry.image.ImageId;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.tck.HostFilterContract;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IsolatedHostsFilterTest extends HostFilterContract {
    @Override
    protected HostFilter filter() {
        return new IsolatedHostsFilter(Set.of(ImageId.random()), Set.of(HostId.of("node1"), HostId.of("node2")));
    }

    @ParameterizedTest(name = "[{index}] image isolated {0}, host isolated {1}, restrictive {2}: {3}")
    @CsvSource({
        "true,  true,  true,  OK",
        "true,  false, true,  IMAGE_ISOLATED",
        "false, true,  true,  HOST_ISOLATED",
        "false, false, true,  OK",
        "true,  true,  false, OK",
        "true,  false, false, IMAGE_ISOLATED",
        "false, true,  false, OK",
        "false, false, false, OK"
    })
    void goldenTable(boolean imageIsolated, boolean hostIsolated, boolean restrict, String code) {
        PlacementRequest request = Given.image(Map.of());
        Set<ImageId> images = Set.of(imageIsolated ? request.image().id() : ImageId.random());
        Set<HostId> hosts = Set.of(HostId.of(hostIsolated ? "node1" : "node2"));

        Verdict verdict = new IsolatedHostsFilter(images, hosts, restrict).test(request, Given.host("node1", 0, ""));

        assertEquals(code, verdict.code());
    }

    @Test
    void withoutIsolatedImagesIsolatedHostsTakeNothingIfRestrictive() {
        Set<HostId> hosts = Set.of(HostId.of("node1"));
        assertEquals(
                "HOST_ISOLATED",
                verdict(new IsolatedHostsFilter(Set.of(), hosts)).code());
        assertEquals(Verdict.pass(), verdict(new IsolatedHostsFilter(Set.of(), hosts, false)));
        assertEquals(Verdict.pass(), verdict(new IsolatedHostsFilter(Set.of(), Set.of())));
    }

    private static Verdict verdict(HostFilter filter) {
        return filter.test(Given.image(Map.of()), Given.host("node1", 0, ""));
    }
}
