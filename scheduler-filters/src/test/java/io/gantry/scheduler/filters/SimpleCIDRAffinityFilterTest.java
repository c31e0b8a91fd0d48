package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.error.InvalidRequest;
import io.gantry.instance.SchedulerHints;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.tck.HostFilterContract;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimpleCIDRAffinityFilterTest extends HostFilterContract {
    @Override
    protected HostFilter filter() {
        return new SimpleCIDRAffinityFilter();
    }

    @ParameterizedTest(name = "[{index}] near {0}, host {1}: {2}")
    @CsvSource({
        "10.1.2.3,           10.1.2.200,        OK",
        "10.1.2.3,           10.1.3.3,          NETWORK",
        "10.1.2.3/16,        10.1.3.3,          OK",
        "10.1.2.3/16,        10.2.2.3,          NETWORK",
        "10.1.2.3/31,        10.1.2.2,          OK",
        "10.1.2.3/32,        10.1.2.2,          NETWORK",
        "10.1.2.3/32,        10.1.2.3,          OK",
        "10.1.2.3/0,         192.0.2.1,         OK",
        "10.1.2.3/0,         2001:db8::1,       NETWORK",
        "2001:db8::1,        2001:db8::ffff,    OK",
        "2001:db8::1,        2001:db8:0:1::1,   NETWORK",
        "2001:db8::1/33,     2001:db8:8000::1,  NETWORK",
        "2001:db8::1/32,     2001:db8:8000::1,  OK",
        "::/0,               10.1.2.3,          NETWORK",
        "10.1.2.3,           ,                  ADDRESS_UNKNOWN"
    })
    void goldenTable(String near, String address, String code) {
        PlacementRequest request = Given.image(Map.of()).toBuilder()
                .hints(SchedulerHints.builder().near(near).build())
                .build();

        assertEquals(
                code,
                filter().test(
                                request,
                                Given.host("node1", 0, "").toBuilder()
                                        .address(Optional.ofNullable(address))
                                        .build())
                        .code());
    }

    @Test
    void withoutHintEachHostPasses() {
        assertEquals(
                "OK",
                filter().test(Given.image(Map.of()), Given.host("node1", 0, "")).code());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "host.example",
                "10.1.2",
                "10.1.2.256",
                "010.1.2.3",
                "10.1.2.3/",
                "10.1.2.3/33",
                "10.1.2.3/-1",
                "10.1.2.3/x",
                "::1/129",
                ":::",
                "1::2::3",
                "fe80::1%eth0",
                "/24"
            })
    void whatIsNoNetworkIsRefused(String near) {
        InvalidRequest refused = assertThrows(
                InvalidRequest.class, () -> SchedulerHints.builder().near(near));

        assertEquals("instance.hints.near", refused.field());
        assertEquals(near, refused.value());
    }
}
