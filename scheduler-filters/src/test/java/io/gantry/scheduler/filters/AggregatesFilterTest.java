package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.tck.HostFilterContract;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AggregatesFilterTest extends HostFilterContract {
    @Override
    protected HostFilter filter() {
        return new AggregatesFilter();
    }

    @ParameterizedTest(name = "[{index}] asking for {0}, none of {1}; host in {2}: {3}")
    @CsvSource({
        "'',        '',    '',    OK",
        "'',        '',    'a',   OK",
        "'a b',     '',    'b',   OK",
        "'a b',     '',    'c',   NOT_IN_AGGREGATE",
        "'a b',     '',    '',    NOT_IN_AGGREGATE",
        "'a b/c',   '',    'a c', OK",
        "'a b/c',   '',    'a b', NOT_IN_AGGREGATE",
        "'',        'a',   'b',   OK",
        "'',        'a',   'a b', IN_AGGREGATE",
        "'a',       'a',   'a',   IN_AGGREGATE"
    })
    void goldenTable(String required, String forbidden, String in, String code) {
        PlacementRequest.Builder request = Given.image(Map.of()).toBuilder().forbidAggregates(names(forbidden));
        if (!required.isEmpty()) {
            for (String oneOf : required.split("/", -1)) {
                request.requireAggregates(names(oneOf));
            }
        }
        Map<String, Map<String, String>> aggregates = new HashMap<>();
        names(in).forEach(name -> aggregates.put(name, Map.of()));

        assertEquals(
                code,
                filter().test(
                                request.build(),
                                Given.host("node1", 0, "").toBuilder()
                                        .aggregates(aggregates)
                                        .build())
                        .code());
    }

    private static Set<String> names(String text) {
        return text.isEmpty() ? Set.of() : Set.of(text.split(" ", -1));
    }
}
