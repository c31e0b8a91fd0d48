package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.tck.HostFilterContract;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AggregateTypeAffinityFilterTest extends HostFilterContract {
    @Override
    protected HostFilter filter() {
        return new AggregateTypeAffinityFilter();
    }

    @ParameterizedTest(name = "[{index}] {0} with ''{1}'': {2}")
    @CsvSource(delimiter = '|', textBlock = """
                    small | ''                                       | true
                    small | other=large                              | true
                    small | instance_type=small                      | true
                    small | instance_type=large                      | false
                    small | instance_type=large, small               | true
                    small | instance_type=large / instance_type=small| true
                    small | instance_type=large / other=x            | false
                    small | instance_type=Small                      | false
                    small | instance_type=smallish                   | false
                    small | instance_type=                           | false
                    """)
    void goldenTable(String flavor, String aggregates, boolean passes) {
        assertEquals(passes, verdict(flavor, aggregates).passed());
    }

    @Test
    void flavorAndThoseThatTheHostIsForAreTold() {
        assertEquals(
                Verdict.reject("AGGREGATE_FLAVOR", "flavor small", "flavors large, medium"),
                verdict("small", "instance_type=medium,large"));
    }

    private Verdict verdict(String flavor, String aggregates) {
        return filter().test(Given.flavor(flavor, Map.of()), Given.host("node1", 0, aggregates));
    }
}
