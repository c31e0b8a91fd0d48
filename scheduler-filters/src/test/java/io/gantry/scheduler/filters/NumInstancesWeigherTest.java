package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.WeightScale;
import io.gantry.tck.HostWeigherContract;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NumInstancesWeigherTest extends HostWeigherContract {
    @Override
    protected HostWeigher weigher() {
        return new NumInstancesWeigher();
    }

    @Test
    void rawValueIsTheNumberOfInstances() {
        assertEquals(0.0, weigher().weigh(Given.image(Map.of()), Given.host("node1", 0, "")));
        assertEquals(7.0, weigher().weigh(Given.image(Map.of()), Given.host("node1", 7, "")));
    }

    @Test
    void bestAndWorstAreAsFarApartAsCanBe() {
        assertEquals(WeightScale.MIN_MAX, weigher().scale());
        assertEquals(Optional.of("num_instances_weight_multiplier"), weigher().multiplierKey());
    }
}
