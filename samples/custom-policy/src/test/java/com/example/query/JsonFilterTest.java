package com.example.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.instance.SchedulerHints;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.tck.HostFilterContract;
import io.gantry.tck.SchedulerSample;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import io.gantry.host.HostInventory;
import io.gantry.host.HostUsage;
import io.gantry.host.AllocationRatios;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.Test;

class JsonFilterTest extends HostFilterContract {
    private static final List<String> QUERIES = List.of(
            "[\"=\", \"$zone\", \"default\"]", "[\">=\", \"$free_ram_mb\", 4096]", "[\"nonsense\"]", "no JSON");

    @Override
    protected HostFilter filter() {
        return new JsonFilter();
    }

    /** Every fifth request has no query. */
    @Override
    protected List<SchedulerSample> samples() {
        List<SchedulerSample> samples = new ArrayList<>();
        for (SchedulerSample sample : SchedulerSample.spread(240)) {
            int query = samples.size() % 5;
            samples.add(query == QUERIES.size() ? sample : new SchedulerSample(asking(sample.request(), QUERIES.get(query)), sample.host()));
        }
        return samples;
    }

    private static PlacementRequest asking(PlacementRequest request, String query) {
        return request.toBuilder()
                .hints(SchedulerHints.builder().custom("query", query).build())
                .build();
    }

    /** 16 vCPUs of which 4 are used, 32 GiB of memory of which 8 are used, 3 instances. */
    private static final HostView HOST = HostView.builder(
                    io.gantry.host.HostId.of("h1"),
                    new HostInventory(
                            "node-1", "x86_64", "kvm", "7.2", 16, MemorySize.gib(32), DiskSize.gib(100), Set.of()))
            .ratios(new AllocationRatios(1, 1, 1))
            .usage(new HostUsage(3, 4, MemorySize.gib(8), DiskSize.gib(10)))
            .zone("east")
            .ioOps(2)
            .aggregates(Map.of(
                    "rack", Map.of("power", "green"), "a", Map.of("tier", "1"), "b", Map.of("tier", "2")))
            .build();

    private static Verdict judge(String query) {
        PlacementRequest any = SchedulerSample.spread(1).get(0).request();
        return new JsonFilter().test(asking(any, query.replace('\'', '"')), HOST);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '%',
            value = {
                "['=', '$free_ram_mb', 24576]                            | true",
                "['=', '$free_ram_mb', 24575]                            | false",
                "['=', 1, 1, 1]                                          | true",
                "['=', 1, 1, 2]                                          | false",
                "['in', '$zone', 'west', 'east']                         | true",
                "['in', '$zone', 'west', 'north']                        | false",
                "['<', '$num_instances', 4]                              | true",
                "['<', '$num_instances', 3]                              | false",
                "['<=', '$num_instances', 3]                             | true",
                "['>', '$free_vcpus', 11, 12]                            | false",
                "['>', '$free_vcpus', 11]                                | true",
                "['>=', '$vcpus_total', 16]                              | true",
                "['>=', '$free_disk_mb', 92161]                          | false",
                "['=', '$free_disk_mb', 92160]                           | true",
                "['=', '$num_io_ops', 2]                                 | true",
                "['=', '$hypervisor_type', 'kvm']                        | true",
                "['=', '$hypervisor_hostname', 'node-1']                 | true",
                "['=', '$architecture', 'aarch64']                       | false",
                "['>', '$zone', 'a']                                     | true",
                "['=', '$aggregate.power', 'green']                      | true",
                "['=', '$aggregate.tier', '1']                           | false",
                "['=', '$aggregate.none', '1']                           | false",
                "['=', '$nothing', 0]                                    | false",
                "['<', '$zone', 5]                                       | false",
                "['not', ['=', '$zone', 'east']]                         | false",
                "['not', ['=', '$nothing', 0]]                           | true",
                "['and', ['=', '$zone', 'east'], ['<', '$num_io_ops', 2]] | false",
                "['or', ['=', '$zone', 'east'], ['<', '$num_io_ops', 2]] | true",
                "['and']                                                 | true",
                "['or']                                                  | false"
            })
    void queriesHoldOrDoNot(String query, boolean holds) {
        assertEquals(holds ? "OK" : "QUERY", judge(query).code(), query);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "east", "{}", "[]", "[1, 2]", "['like', 1, 2]", "['=', 1]", "['not']", "['not', ['and'], ['and']]",
                "['and', 1]", "['=', 1, true]", "['=', 1, ['and']]", "['=', 1"
            })
    void whatIsNoQueryRejectsEveryHostAndSaysWhy(String query) {
        Verdict verdict = judge(query);
        assertEquals("QUERY_MALFORMED", verdict.code(), query);
        assertTrue(verdict.toString().contains("hint 'query'"), verdict::toString);
    }

    @Test
    void withoutAQueryEveryHostPasses() {
        PlacementRequest request = SchedulerSample.spread(1).get(0).request();
        assertTrue(new JsonFilter().test(request, HOST).passed());
    }
}
