package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.WeightScale;
import io.gantry.tck.HostWeigherContract;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BuildFailureWeigherTest extends HostWeigherContract {
    @Override
    protected HostWeigher weigher() {
        return new BuildFailureWeigher();
    }

    @Test
    void rawValueIsTheHostsNumber() {
        assertEquals(0.0, weigher().weigh(Given.image(Map.of()), Given.host("node1", 9, "")));
        assertEquals(
                1.5,
                weigher()
                        .weigh(
                                Given.image(Map.of()),
                                Given.host("node1", 9, "").toBuilder()
                                        .failedBuilds(1.5)
                                        .build()));
    }

    @Test
    void countsFromZeroAndLetsAggregatesSetItsSay() {
        assertEquals(WeightScale.FROM_ZERO, weigher().scale());
        assertEquals(Optional.of("build_failure_weight_multiplier"), weigher().multiplierKey());
    }
}
