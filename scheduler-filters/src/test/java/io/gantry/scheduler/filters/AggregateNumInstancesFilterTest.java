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

class AggregateNumInstancesFilterTest extends HostFilterContract {
    @Override
    protected HostFilter filter() {
        return new AggregateNumInstancesFilter(10);
    }

    @ParameterizedTest(name = "[{index}] {0} instances with ''{1}'': {2}")
    @CsvSource(delimiter = '|', textBlock = """
                    # None set: the option's
                    9  | ''                                                   | true
                    10 | ''                                                   | false
                    10 | other=1                                              | false
                    # Set
                    19 | max_instances_per_host=20                            | true
                    20 | max_instances_per_host=20                            | false
                    20 | max_instances_per_host= +20                          | false
                    # Several: the lowest
                    4  | max_instances_per_host=20 / max_instances_per_host=5 | true
                    5  | max_instances_per_host=20 / max_instances_per_host=5 | false
                    5  | other=1 / max_instances_per_host=5                   | false
                    # Nobody at all
                    0  | max_instances_per_host=0                             | false
                    0  | max_instances_per_host=-3                            | false
                    # No number among them: the option's
                    9  | max_instances_per_host=many                          | true
                    10 | max_instances_per_host=many                          | false
                    9  | max_instances_per_host=many / max_instances_per_host=5 | true
                    9  | max_instances_per_host=                              | true
                    9  | max_instances_per_host=5.0                           | true
                    9  | max_instances_per_host=5,6                           | true
                    9  | max_instances_per_host=99999999999999999999          | true
                    """)
    void goldenTable(int instances, String aggregates, boolean passes) {
        assertEquals(passes, verdict(filter(), instances, aggregates).passed());
    }

    @Test
    void limitIs50IfNotSet() {
        HostFilter filter = new AggregateNumInstancesFilter();
        assertEquals(Verdict.pass(), verdict(filter, 49, ""));
        assertEquals(Verdict.reject("INSTANCES", "fewer than 50 instances", "50 instances"), verdict(filter, 50, ""));
    }

    @Test
    void limitThatCountedIsTold() {
        assertEquals(
                Verdict.reject("INSTANCES", "fewer than 1 instance", "7 instances"),
                verdict(filter(), 7, "max_instances_per_host=1"));
    }

    @Test
    void limitHasToLeaveRoomForOne() {
        InvalidRequest refused = assertThrows(InvalidRequest.class, () -> new AggregateNumInstancesFilter(0));
        assertEquals("aggregateNumInstancesFilter.max", refused.field());
    }

    private static Verdict verdict(HostFilter filter, int instances, String aggregates) {
        return filter.test(Given.image(Map.of()), Given.host("node1", instances, aggregates));
    }
}
