package io.gantry.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.InvalidRequest;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AggregateValuesTest {
    private static final String LONG = "x".repeat(256);

    private static void refused(String field, Executable call) {
        InvalidRequest refusal = assertThrows(InvalidRequest.class, call);
        assertEquals(field, refusal.field());
        assertTrue(!refusal.remediation().isBlank());
    }

    @Test
    void aSpecificationIsWhatWasSaid() {
        AggregateSpec spec = AggregateSpec.builder("rack 1/ü")
                .zone("zone-1")
                .metadata("ssd", "true")
                .build();

        assertEquals("rack 1/ü", spec.name());
        assertEquals(Optional.of("zone-1"), spec.zone());
        assertEquals(Map.of("ssd", "true"), spec.metadata());
        assertEquals(Optional.empty(), AggregateSpec.builder("x").build().zone());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "a\nb", "\u0000"})
    void namesThatNobodyCouldReadAreRefused(String name) {
        refused("aggregate.name", () -> AggregateSpec.builder(name).build());
        refused("aggregate.name", () -> AggregateUpdate.builder().name(name).build());
    }

    @Test
    void whatIsTooLongIsRefused() {
        refused("aggregate.name", () -> AggregateSpec.builder(LONG).build());
        refused("aggregate.zone", () -> AggregateSpec.builder("x").zone(LONG).build());
        refused(
                "aggregate.metadata.k",
                () -> AggregateSpec.builder("x").metadata("k", LONG).build());
        refused(
                "aggregate.metadata",
                () -> AggregateSpec.builder("x").metadata(LONG, "v").build());
        assertEquals(255, AggregateSpec.builder("x".repeat(255)).build().name().length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " east", "east ", "east:node", "a\tb"})
    void zonesOfAnotherFormAreRefused(String zone) {
        refused("aggregate.zone", () -> AggregateSpec.builder("x").zone(zone).build());
        refused("aggregate.zone", () -> AggregateUpdate.builder().zone(zone).build());
        refused("instance.zone", () -> ZoneName.check("instance.zone", zone));
    }

    @Test
    void aZoneIsNoMetadata() {
        InvalidRequest refusal = assertThrows(
                InvalidRequest.class,
                () -> AggregateSpec.builder("x")
                        .metadata("availability_zone", "east")
                        .build());

        assertTrue(refusal.getMessage().contains("zone(...)"), refusal.getMessage());
    }

    @Test
    void anUpdateChangesWhatItSaysAndLeavesTheRest() {
        AggregateUpdate update =
                AggregateUpdate.builder().metadata("a", "2").removeMetadata("b").build();

        assertEquals(Map.of("a", "2", "c", "1"), update.metadata(Map.of("a", "1", "b", "1", "c", "1")));
        assertEquals(Optional.of("east"), update.zone(Optional.of("east")));
        assertEquals(Optional.empty(), update.name());
    }

    @Test
    void theLastWordOnAZoneOrAKeyCounts() {
        AggregateUpdate none = AggregateUpdate.builder()
                .zone("east")
                .noZone()
                .metadata("a", "1")
                .removeMetadata("a")
                .build();
        AggregateUpdate west = AggregateUpdate.builder().noZone().zone("west").build();

        assertEquals(Optional.empty(), none.zone(Optional.of("old")));
        assertEquals(Map.of(), none.metadata(Map.of("a", "0")));
        assertEquals(Optional.of("west"), west.zone(Optional.of("old")));
    }

    @Test
    void anUpdateOfNothingIsRefused() {
        refused("aggregate.update", () -> AggregateUpdate.builder().build());
    }
}
