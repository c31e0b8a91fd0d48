package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.tck.HostFilterContract;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AvailabilityZoneFilterTest extends HostFilterContract {
    @Override
    protected HostFilter filter() {
        return new AvailabilityZoneFilter();
    }

    @Test
    void instanceThatAsksForNoZoneGoesAnywhere() {
        assertEquals(Verdict.pass(), verdict(Optional.empty(), "zone-1"));
    }

    @Test
    void hostOfTheZonePasses() {
        assertEquals(Verdict.pass(), verdict(Optional.of("zone-1"), "zone-1"));
    }

    @Test
    void hostOfAnotherZoneIsRejectedWithBothZones() {
        assertEquals(
                Verdict.reject("OTHER_ZONE", "zone zone-1", "zone zone-2"), verdict(Optional.of("zone-1"), "zone-2"));
    }

    @Test
    void zonesOfOneNameInOtherLettersAreTwo() {
        assertEquals("OTHER_ZONE", verdict(Optional.of("Zone-1"), "zone-1").code());
    }

    private Verdict verdict(Optional<String> asked, String zone) {
        return filter().test(Given.asking(asked), Given.inZone(zone));
    }
}
