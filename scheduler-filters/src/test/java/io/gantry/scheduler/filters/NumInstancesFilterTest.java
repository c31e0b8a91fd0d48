package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.error.InvalidRequest;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.tck.HostFilterContract;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumInstancesFilterTest extends HostFilterContract {
    @Override
    protected HostFilter filter() {
        return new NumInstancesFilter();
    }

    @ParameterizedTest
    @CsvSource({"0, 1, true", "1, 1, false", "49, 50, true", "50, 50, false", "51, 50, false"})
    void hostPassesWithFewerThanTheLimit(int instances, int max, boolean passes) {
        assertEquals(passes, verdict(new NumInstancesFilter(max), instances).passed());
    }

    @Test
    void limitIs50IfNotSet() {
        assertEquals(Verdict.pass(), verdict(filter(), 49));
        assertEquals(Verdict.reject("INSTANCES", "fewer than 50 instances", "50 instances"), verdict(filter(), 50));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void limitHasToLeaveRoomForOne(int max) {
        InvalidRequest refused = assertThrows(InvalidRequest.class, () -> new NumInstancesFilter(max));
        assertEquals("numInstancesFilter.max", refused.field());
        assertEquals(Integer.toString(max), refused.value());
    }

    private static Verdict verdict(HostFilter filter, int instances) {
        return filter.test(Given.image(Map.of()), Given.host("node1", instances, ""));
    }
}
