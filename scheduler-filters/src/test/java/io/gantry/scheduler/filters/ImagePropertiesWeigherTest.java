package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.error.InvalidRequest;
import io.gantry.spi.scheduler.ColumnWeigher;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.WeightScale;
import io.gantry.tck.HostWeigherContract;
import io.gantry.tck.SchedulerSample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImagePropertiesWeigherTest extends HostWeigherContract {
    /** Three instances of Debian, one of Windows; of two the machine type is known. */
    private static final HostView HOST = Given.host("node1", 9, "").toBuilder()
            .imageProperties(
                    Map.of("os_distro", Map.of("debian", 3, "windows", 1), "hw_machine_type", Map.of("q35", 2)))
            .build();

    @Override
    protected HostWeigher weigher() {
        return new ImagePropertiesWeigher(Map.of("os_distro", 1.0, "hw_machine_type", 10.0));
    }

    /** Each host has some instances of what its sample asks for. */
    @Override
    protected List<SchedulerSample> samples() {
        List<SchedulerSample> samples = new ArrayList<>();
        for (SchedulerSample sample : SchedulerSample.spread(240)) {
            int like = samples.size() % 4;
            samples.add(new SchedulerSample(
                    like == 0 ? sample.request() : Given.image(Map.of("os_distro", "debian")),
                    sample.host().toBuilder()
                            .imageProperties(like == 1 ? Map.of() : Map.of("os_distro", Map.of("debian", like)))
                            .build()));
        }
        return samples;
    }

    @ParameterizedTest
    @CsvSource({
        "debian, , 3",
        "windows, , 1",
        "fedora, , 0",
        ", q35, 20",
        "debian, q35, 23",
        "windows, pc, 1",
        "fedora, pc, 0"
    })
    void eachPropertyCountsTheInstancesThatShareIt(String distro, String machine, double expected) {
        Map<String, String> properties = new HashMap<>(Map.of("hw_vif_model", "virtio"));
        Optional.ofNullable(distro).ifPresent(value -> properties.put("os_distro", value));
        Optional.ofNullable(machine).ifPresent(value -> properties.put("hw_machine_type", value));
        assertEquals(expected, weigher().weigh(Given.image(properties), HOST));
    }

    @Test
    void anImageWithNoneOfThemWeighsNothing() {
        assertEquals(Optional.of(ColumnWeigher.ZERO), weigher().columns(Given.image(Map.of("hw_vif_model", "virtio"))));
        assertEquals(0, weigher().weigh(Given.image(Map.of()), HOST));
    }

    @Test
    void itSaysWhatIsToBeCountedAndLetsAggregatesSetItsSay() {
        assertEquals(Set.of("os_distro", "hw_machine_type"), weigher().imageProperties());
        assertEquals(WeightScale.MIN_MAX, weigher().scale());
        assertEquals(Optional.of("image_props_weight_multiplier"), weigher().multiplierKey());
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void aWeightIsANumber(double weight) {
        InvalidRequest refused =
                assertThrows(InvalidRequest.class, () -> new ImagePropertiesWeigher(Map.of("os_distro", weight)));
        assertEquals("imagePropertiesWeigher.weights.os_distro", refused.field());
    }

    @Test
    void aPropertyHasToBeNamed() {
        InvalidRequest refused = assertThrows(InvalidRequest.class, () -> new ImagePropertiesWeigher(Map.of()));
        assertEquals("imagePropertiesWeigher.weights", refused.field());
    }
}
