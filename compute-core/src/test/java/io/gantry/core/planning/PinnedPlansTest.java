package io.gantry.core.planning;

import static io.gantry.core.planning.PlanScene.h;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.maintenance.DrainSpec;
import io.gantry.maintenance.MigrationPlan;
import io.gantry.maintenance.PlannedMove;
import io.gantry.maintenance.RebalancePolicy;
import io.gantry.spi.scheduler.HostView;
import io.gantry.topology.GuestPlacement;
import io.gantry.topology.TopologyUse;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Plans know that a CPU is one guest's only. */
final class PinnedPlansTest {
    private static final DrainSpec SPEC = DrainSpec.because("test");

    @Test
    void twoGuestsAreNotSentToOneCpu() {
        PlanScene scene = new PlanScene().cells(1, 3).cells(2, 1).cells(3, 1);
        scene.pinned(2, 1);
        for (int i = 0; i < 4; i++) {
            scene.pinned(1, 1);
        }

        MigrationPlan plan = PlanScene.planner().drain(scene.fleet(), h(1), scene.on(1), List.of(), SPEC);

        Map<HostId, Long> targets =
                plan.moves().stream().collect(Collectors.groupingBy(PlannedMove::target, Collectors.counting()));
        assertEquals(Map.of(h(2), 1L, h(3), 2L), targets);
        assertEquals(1, plan.unmovable().size());
        assertTrue(plan.unmovable().get(0).reason().contains("DEDICATED_CPUS"), plan.toString());
    }

    @Property(tries = 150)
    void eachMoveOfAPlanFindsItsCpusWhenItsTurnComes(@ForAll long seed) {
        Random random = new Random(seed);
        PlanScene scene = new PlanScene();
        for (int n = 1; n <= 4; n++) {
            scene.cells(n, 1 + random.nextInt(3));
        }
        for (int n = random.nextInt(16); n > 0; n--) {
            scene.pinned(random.nextBoolean() ? 1 : 1 + random.nextInt(4), 1 + random.nextInt(2));
        }

        replay(scene, PlanScene.planner().drain(scene.fleet(), h(1), scene.on(1), List.of(), SPEC));
        replay(
                scene,
                PlanScene.planner()
                        .rebalance(
                                scene.fleet(),
                                scene.guests(),
                                RebalancePolicy.pack().minGain(0.01)));
    }

    /** Wave by wave, as claims do: both hosts are charged until the wave is over. */
    private static void replay(PlanScene scene, MigrationPlan plan) {
        Map<InstanceId, Guest> guests =
                scene.guests().stream().collect(Collectors.toMap(Guest::id, Function.identity()));
        Map<HostId, Map<InstanceId, GuestPlacement>> there = new HashMap<>();
        scene.guests()
                .forEach(guest -> there.computeIfAbsent(guest.host(), host -> new HashMap<>())
                        .put(guest.id(), guest.placement().orElseThrow()));
        Map<Integer, List<PlannedMove>> waves = plan.moves().stream().collect(Collectors.groupingBy(PlannedMove::wave));
        waves.keySet().stream().sorted().map(waves::get).forEach(wave -> {
            for (PlannedMove move : wave) {
                HostView view = scene.fleet().view(move.target()).orElseThrow();
                Collection<GuestPlacement> others =
                        there.getOrDefault(move.target(), Map.of()).values();
                Optional<GuestPlacement> placement = Optional.ofNullable(guests.get(move.instance()))
                        .orElseThrow()
                        .request()
                        .topologyNeed()
                        .place(view.inventory().topology(), TopologyUse.of(others), view.ratios());
                assertTrue(placement.isPresent(), () -> move + " finds no CPUs, in " + plan);
                there.computeIfAbsent(move.target(), host -> new HashMap<>()).put(move.instance(), placement.get());
            }
            wave.forEach(
                    move -> there.getOrDefault(move.source(), new HashMap<>()).remove(move.instance()));
        });
    }
}
