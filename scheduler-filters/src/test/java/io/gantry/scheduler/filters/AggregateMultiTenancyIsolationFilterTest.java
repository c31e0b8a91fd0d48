package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.tck.HostFilterContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AggregateMultiTenancyIsolationFilterTest extends HostFilterContract {
    @Override
    protected HostFilter filter() {
        return new AggregateMultiTenancyIsolationFilter();
    }

    @ParameterizedTest(name = "[{index}] {0} with ''{1}'': {2}")
    @CsvSource(delimiter = '|', textBlock = """
                    p1 | ''                                             | true
                    p1 | other=p2                                       | true
                    p1 | filter_tenant_id=p1                            | true
                    p1 | filter_tenant_id=p2                            | false
                    p1 | filter_tenant_id=p2, p1                        | true
                    p1 | filter_tenant_id=p2 / filter_tenant_id=p1      | true
                    p1 | filter_tenant_id=p2 / other=x                  | false
                    p1 | filter_tenant_id=p2;filter_tenant_id2=p1       | true
                    p1 | filter_tenant_id_more=p2                       | false
                    p1 | my_filter_tenant_id=p2                         | true
                    p1 | filter_tenant_id=p11                           | false
                    p1 | filter_tenant_id=P1                            | false
                    p1 | filter_tenant_id=                              | false
                    """)
    void goldenTable(String project, String aggregates, boolean passes) {
        assertEquals(passes, verdict(project, aggregates).passed());
    }

    @Test
    void projectAndThoseThatTheHostIsForAreTold() {
        assertEquals(
                Verdict.reject("AGGREGATE_PROJECT", "project p1", "projects p2, p3"),
                verdict("p1", "filter_tenant_id=p3,p2"));
    }

    private Verdict verdict(String project, String aggregates) {
        return filter().test(Given.project(project), Given.host("node1", 0, aggregates));
    }
}
