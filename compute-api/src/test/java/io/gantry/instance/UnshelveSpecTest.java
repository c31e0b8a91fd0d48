package io.gantry.instance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.error.InvalidRequest;
import io.gantry.host.HostId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UnshelveSpecTest {
    private static final Optional<String> EAST = Optional.of("east");
    private static final Optional<String> NONE = Optional.empty();

    @Test
    void withoutAWordOnZonesTheInstanceAsksForWhatItAskedForBefore() {
        assertEquals(EAST, UnshelveSpec.anywhere().zoneAfter(EAST));
        assertEquals(NONE, UnshelveSpec.anywhere().zoneAfter(NONE));
        assertEquals(EAST, UnshelveSpec.on(HostId.of("h1")).zoneAfter(EAST));
    }

    @Test
    void aZoneReplacesWhatItAskedForAndUnpinningRemovesIt() {
        assertEquals(Optional.of("west"), UnshelveSpec.zone("west").zoneAfter(EAST));
        assertEquals(Optional.of("west"), UnshelveSpec.zone("west").zoneAfter(NONE));
        assertEquals(NONE, UnshelveSpec.unpinned().zoneAfter(EAST));
    }

    @Test
    void aHostGoesWithEither() {
        HostId host = HostId.of("h1");

        assertEquals(
                new UnshelveSpec(Optional.of(host), EAST, false),
                UnshelveSpec.zone("east").to(host));
        assertEquals(
                new UnshelveSpec(Optional.of(host), NONE, true),
                UnshelveSpec.unpinned().to(host));
    }

    @Test
    void aZoneForAnInstanceThatIsToAskForNoneIsRefused() {
        InvalidRequest refusal =
                assertThrows(InvalidRequest.class, () -> new UnshelveSpec(Optional.empty(), EAST, true));
        assertEquals("unshelve.zone", refusal.field());
        assertThrows(InvalidRequest.class, () -> UnshelveSpec.zone("a:b"));
    }
}
