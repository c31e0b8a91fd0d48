package io.gantry.core.planning;

import static io.gantry.core.planning.PlanScene.GIB;
import static io.gantry.core.planning.PlanScene.h;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.maintenance.MovePrediction;
import io.gantry.maintenance.MoveSettings;
import io.gantry.unit.Bandwidth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What moves take that share links. */
final class ForecastTest {
    private static final Bandwidth LINK = new Bandwidth(GIB / 8);

    private final PlanScene scene =
            new PlanScene().host(1, 64, 256).host(2, 64, 256).host(3, 64, 256);

    @Test
    void twoMovesFromOneHostShareItsLink() {
        Guest one = scene.guest(1, 1, 1);
        Guest other = scene.guest(1, 1, 1);

        List<MovePrediction> together = forecast(2, 2, leg(one, 2, 1), leg(other, 3, 1));
        List<MovePrediction> apart = forecast(1, 2, leg(one, 2, 1), leg(other, 3, 1));

        assertSeconds(0, together.get(1).start());
        assertSeconds(16, together.get(0).duration());
        assertSeconds(16, together.get(1).duration());
        assertSeconds(8, apart.get(0).duration());
        assertSeconds(8, apart.get(1).start());
        assertSeconds(16, apart.get(1).end());
    }

    @Test
    void aLinkThatIsFreeAgainCarriesTheOthersFaster() {
        Guest small = scene.guest(1, 1, 1);
        Guest large = scene.guest(1, 1, 3);

        List<MovePrediction> moves = forecast(2, 2, leg(small, 2, 1), leg(large, 3, 1));

        assertSeconds(16, moves.get(0).duration());
        // 1 GiB beside the small one, then 2 GiB alone.
        assertSeconds(32, moves.get(1).duration());
    }

    @Test
    void theTargetsLimitHoldsAMoveBackThatItsSourceWouldAdmit() {
        List<MovePrediction> moves = forecast(
                4,
                1,
                leg(scene.guest(1, 1, 1), 3, 1),
                leg(scene.guest(2, 1, 1), 3, 1),
                leg(scene.guest(2, 1, 1), 1, 1));

        assertSeconds(0, moves.get(0).start());
        assertTrue(moves.get(1).start().compareTo(moves.get(0).end()) >= 0, "one at a time to h3");
        assertSeconds(0, moves.get(2).start());
    }

    @Test
    void aWaveBeginsWhenTheOneBeforeHasEnded() {
        List<MovePrediction> moves = forecast(2, 2, leg(scene.guest(1, 1, 2), 2, 1), leg(scene.guest(3, 1, 1), 1, 2));

        assertSeconds(16, moves.get(1).start());
    }

    @Test
    void whatAMoveTakesBesideTheCopyIsAddedOnce() {
        MoveSettings settings = settings(1, 1).overhead(Duration.ofSeconds(3)).build();

        MovePrediction move = new Forecast(settings, Map.of(h(1), LINK, h(2), LINK))
                .of(List.of(leg(scene.guest(1, 1, 1), 2, 1)))
                .get(0);

        assertSeconds(11, move.duration());
        assertTrue(move.downtime().compareTo(Duration.ofMillis(1)) < 0);
    }

    @Test
    void aGuestThatDoesNotConvergeTakesItsDeadline() {
        MemoryLoad wild = new MemoryLoad(GIB, 10.0 * LINK.bytesPerSecond(), GIB, false);
        Guest guest = scene.guest(1, 1, 1, Optional.empty(), wild);
        MoveSettings settings = settings(1, 1).deadline(Duration.ofMinutes(3)).build();

        MovePrediction move = new Forecast(settings, Map.of(h(1), LINK, h(2), LINK))
                .of(List.of(leg(guest, 2, 1)))
                .get(0);

        assertTrue(move.duration().compareTo(Duration.ofMinutes(3)) >= 0, () -> "takes " + move.duration());
        assertTrue(move.duration().compareTo(Duration.ofMinutes(4)) < 0, () -> "takes " + move.duration());
    }

    @Property(tries = 200)
    void oneMoveAloneTakesWhatTheModelSays(
            @ForAll @DoubleRange(min = 0, max = 0.9) double r, @ForAll @IntRange(min = 1, max = 8) int gib) {
        MemoryLoad load = new MemoryLoad(gib * GIB, r * LINK.bytesPerSecond(), GIB, true);
        Guest guest = scene.guest(1, 1, gib, Optional.empty(), load);

        MovePrediction move = forecast(1, 1, leg(guest, 2, 1)).get(0);

        PrecopyModel.Copy copy = PrecopyModel.of(load, (double) LINK.bytesPerSecond(), 0.5);
        assertEquals(copy.seconds(), move.duration().toNanos() / 1e9, 1e-3);
        assertEquals(copy.downtime(), move.downtime().toNanos() / 1e9, 1e-3);
        assertEquals(copy.passes(), move.passes());
    }

    @Property(tries = 100)
    void idleGuestsOfOneHostTakeAsLongAsItsLinkTakesForAllTheirBytes(
            @ForAll @IntRange(min = 1, max = 20) int guests, @ForAll @IntRange(min = 1, max = 4) int perSource) {
        List<Routes.Leg> legs = new ArrayList<>();
        long bytes = 0;
        for (int n = 0; n < guests; n++) {
            Guest guest = scene.guest(1, 1, 1 + n % 3);
            bytes += guest.load().bytes();
            legs.add(leg(guest, 2 + n % 2, 1));
        }

        Duration end = forecast(perSource, 4, legs.toArray(Routes.Leg[]::new)).stream()
                .map(MovePrediction::end)
                .reduce(Duration.ZERO, (a, b) -> a.compareTo(b) > 0 ? a : b);

        assertEquals((double) bytes / LINK.bytesPerSecond(), end.toNanos() / 1e9, 1e-3);
    }

    private static List<MovePrediction> forecast(int perSource, int perTarget, Routes.Leg... legs) {
        return new Forecast(settings(perSource, perTarget).build(), Map.of(h(1), LINK, h(2), LINK, h(3), LINK))
                .of(List.of(legs));
    }

    private static MoveSettings.Builder settings(int perSource, int perTarget) {
        return MoveSettings.builder().perSource(perSource).perTarget(perTarget).overhead(Duration.ZERO);
    }

    private static Routes.Leg leg(Guest guest, int target, int wave) {
        return new Routes.Leg(guest, h(target), wave);
    }

    private static void assertSeconds(double expected, Duration actual) {
        assertEquals(expected, actual.toNanos() / 1e9, 1e-3);
    }
}
