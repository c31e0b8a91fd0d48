package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.error.InvalidRequest;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.tck.HostFilterContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AggregateImagePropertiesIsolationFilterTest extends HostFilterContract {
    @Override
    protected HostFilter filter() {
        return new AggregateImagePropertiesIsolationFilter();
    }

    @ParameterizedTest(name = "[{index}] {0} with ''{1}'': {2}")
    @CsvSource(delimiter = '|', textBlock = """
                    ''               | ''                                     | true
                    os_distro=debian | ''                                     | true
                    os_distro=debian | os_distro=debian                       | true
                    os_distro=debian | os_distro=windows                      | false
                    os_distro=debian | os_distro=windows, debian              | true
                    os_distro=debian | os_distro=windows / os_distro=debian   | true
                    os_distro=debian | os_distro=Debian                       | false
                    os_distro=debian | os_distro=                             | false
                    # The image does not set it
                    ''               | os_distro=windows                      | true
                    os_distro=       | os_distro=windows                      | true
                    hw_arch=x        | os_distro=windows                      | true
                    # Each counts
                    a=1;b=2          | a=1;b=3                                | false
                    a=1;b=2          | a=1 / b=2                              | true
                    # No operators here
                    a=5              | a=>= 4                                 | false
                    """)
    void goldenTable(String properties, String aggregates, boolean passes) {
        assertEquals(passes, verdict(filter(), properties, aggregates).passed());
    }

    @ParameterizedTest(name = "[{index}] {0} with ''{1}'': {2}")
    @CsvSource(delimiter = '|', textBlock = """
                    os_distro=debian      | os_distro=windows      | true
                    iso.os_distro=debian  | iso.os_distro=windows  | false
                    iso.os_distro=debian  | iso.os_distro=debian   | true
                    os_distro=debian      | iso.os_distro=windows  | true
                    isolate=debian        | isolate=windows        | true
                    iso_os=debian         | iso_os=windows         | true
                    """)
    void withANamespaceOnlyItsKeysCount(String properties, String aggregates, boolean passes) {
        assertEquals(
                passes,
                verdict(new AggregateImagePropertiesIsolationFilter("iso"), properties, aggregates)
                        .passed());
    }

    @Test
    void separatorIsAnOption() {
        HostFilter filter = new AggregateImagePropertiesIsolationFilter("iso", "_");
        assertEquals(
                "AGGREGATE_IMAGE_PROPERTY",
                verdict(filter, "iso_os=debian", "iso_os=windows").code());
        assertEquals(Verdict.pass(), verdict(filter, "iso.os=debian", "iso.os=windows"));
    }

    @Test
    void whatTheImageHasAndWhatAggregatesSayIsTold() {
        assertEquals(
                Verdict.reject("AGGREGATE_IMAGE_PROPERTY", "os_distro debian", "os_distro centos, windows"),
                verdict(filter(), "os_distro=debian", "os_distro=windows,centos"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void namespaceIsNotBlank(String namespace) {
        InvalidRequest refused =
                assertThrows(InvalidRequest.class, () -> new AggregateImagePropertiesIsolationFilter(namespace));
        assertEquals("aggregateImagePropertiesIsolationFilter.namespace", refused.field());
    }

    private static Verdict verdict(HostFilter filter, String properties, String aggregates) {
        return filter.test(Given.image(Given.pairs(properties)), Given.host("node1", 0, aggregates));
    }
}
