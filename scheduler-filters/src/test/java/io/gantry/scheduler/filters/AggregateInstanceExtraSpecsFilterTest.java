package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.tck.HostFilterContract;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AggregateInstanceExtraSpecsFilterTest extends HostFilterContract {
    @Override
    protected HostFilter filter() {
        return new AggregateInstanceExtraSpecsFilter();
    }

    @ParameterizedTest(name = "[{index}] {0} with ''{1}'': {2}")
    @CsvSource(delimiter = '|', textBlock = """
                    ''                                        | ''                       | true
                    ''                                        | ssd=false                | true
                    ssd=true                                  | ssd=true                 | true
                    ssd=true                                  | ssd=false                | false
                    ssd=true                                  | ''                       | false
                    ssd=true                                  | hdd=true                 | false
                    # In the namespace
                    aggregate_instance_extra_specs:ssd=true   | ssd=true                 | true
                    aggregate_instance_extra_specs:ssd=true   | ssd=no                   | false
                    aggregate_instance_extra_specs:a:b=1      | a:b=1                    | true
                    aggregate_instance_extra_specs:=1         | ssd=true                 | false
                    # In another
                    hw:cpu_policy=dedicated                   | ''                       | true
                    capabilities:hypervisor_type=kvm          | ''                       | true
                    # Several values
                    ssd=nvme                                  | ssd=sata, nvme           | true
                    ssd=nvme                                  | ssd=sata / ssd=nvme      | true
                    ssd=sata, nvme                            | ssd=sata, nvme           | false
                    # Operators
                    iops=>= 1000                              | iops=900,1100            | true
                    iops=>= 1200                              | iops=900,1100            | false
                    iops=>= fast                              | iops=1000                | false
                    iops=>=                                   | iops=1000                | false
                    disk=<or> ssd <or> nvme                   | disk=nvme                | true
                    disk=s!= ssd                              | disk=ssd                 | false
                    disk=s!= ssd                              | disk=ssd,hdd             | true
                    # Each has to be met
                    ssd=true;gpu=a100                         | ssd=true / gpu=a100      | true
                    ssd=true;gpu=a100                         | ssd=true                 | false
                    # Values of no text
                    ssd=                                      | ssd=                     | true
                    ssd=                                      | ssd=true                 | false
                    """)
    void goldenTable(String extraSpecs, String aggregates, boolean passes) {
        assertEquals(passes, verdict(Given.pairs(extraSpecs), aggregates).passed());
    }

    @Test
    void whatIsAskedAndWhatAggregatesSayIsTold() {
        assertEquals(
                Verdict.reject("AGGREGATE_EXTRA_SPEC", "ssd nvme", "ssd hdd, sata"),
                verdict(Map.of("ssd", "nvme"), "ssd=sata,hdd"));
        assertEquals(Verdict.reject("AGGREGATE_EXTRA_SPEC", "ssd nvme", "no ssd"), verdict(Map.of("ssd", "nvme"), ""));
    }

    private Verdict verdict(Map<String, String> extraSpecs, String aggregates) {
        return filter().test(Given.flavor("f", extraSpecs), Given.host("node1", 0, aggregates));
    }
}
