package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.WeightScale;
import io.gantry.tck.HostWeigherContract;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IoOpsWeigherTest extends HostWeigherContract {
    @Override
    protected HostWeigher weigher() {
        return new IoOpsWeigher();
    }

    @Test
    void rawValueIsTheHostsNumber() {
        assertEquals(0.0, weigher().weigh(Given.image(Map.of()), Given.host("node1", 9, "")));
        assertEquals(
                7.0,
                weigher()
                        .weigh(
                                Given.image(Map.of()),
                                Given.host("node1", 9, "").toBuilder().ioOps(7).build()));
    }

    @Test
    void countsFromZeroAndLetsAggregatesSetItsSay() {
        assertEquals(WeightScale.FROM_ZERO, weigher().scale());
        assertEquals(Optional.of("io_ops_weight_multiplier"), weigher().multiplierKey());
    }
}
