package io.gantry.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.InvalidRequest;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostValuesTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "node1", "rack1-node7.example.org", "A_b", "7"})
    void goodHostNamesAreTaken(String name) {
        assertEquals(name, HostId.of(name).toString());
    }

    static Stream<String> wrongNames() {
        return Stream.concat(
                Stream.of("", " ", "-a", ".a", "_a", "a b", "ä", "a".repeat(256), "a\n"),
                "<>&'\";$`\\|*/:@\0\n\u001b".chars().mapToObj(c -> "a" + (char) c));
    }

    @ParameterizedTest
    @MethodSource("wrongNames")
    void otherHostNamesAreRefused(String name) {
        InvalidRequest refused = assertThrows(InvalidRequest.class, () -> HostId.of(name));
        assertEquals("host.id", refused.field());
        assertTrue(refused.remediation().contains("rack1-node7"), refused.getMessage());
        assertThrows(InvalidRequest.class, () -> HostSpec.builder(name));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.0, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void ratiosArePositiveAndFinite(double ratio) {
        assertEquals(
                "allocationRatio.vcpus",
                assertThrows(InvalidRequest.class, () -> new AllocationRatios(ratio, 1, 1))
                        .field());
        assertEquals(
                "allocationRatio.memory",
                assertThrows(InvalidRequest.class, () -> new AllocationRatios(1, ratio, 1))
                        .field());
        InvalidRequest disk = assertThrows(InvalidRequest.class, () -> new AllocationRatios(1, 1, ratio));
        assertEquals("allocationRatio.disk", disk.field());
        assertEquals(Double.toString(ratio), disk.value());
    }

    @Test
    void dedicatedCpusAreNotNegative() {
        InvalidRequest refused =
                assertThrows(InvalidRequest.class, () -> HostSpec.builder("h1").dedicatedCpus(Set.of(3, -1)));
        assertEquals("host.dedicatedCpus", refused.field());
        assertEquals("-1", refused.value());
    }

    @Test
    void specNeedsDriverAndConnection() {
        HostSpec.Builder builder = HostSpec.builder("h1");
        assertEquals(
                "host.driver",
                assertThrows(InvalidRequest.class, builder::build).field());
        builder.driver("kvm");
        assertEquals(
                "host.connection",
                assertThrows(InvalidRequest.class, builder::build).field());
        InvalidRequest noUri = assertThrows(InvalidRequest.class, () -> builder.connection("qemu://h 1/"));
        assertEquals("host.connection", noUri.field());
        assertEquals("qemu://h 1/", noUri.value());
        HostSpec spec = builder.connection("qemu+tls://h1/system").build();
        assertEquals("h1", spec.connection().getHost());
        assertEquals(new AllocationRatios(4.0, 1.0, 1.0), spec.ratios());
    }

    @Test
    void specDoesNotFollowItsBuilder() {
        HostSpec.Builder builder =
                HostSpec.builder("h1").driver("sim").connection("sim://h1").property("a", "1");
        HostSpec spec = builder.build();
        builder.property("a", "2").property("b", "3");
        assertEquals(Map.of("a", "1"), spec.properties());
    }
}
