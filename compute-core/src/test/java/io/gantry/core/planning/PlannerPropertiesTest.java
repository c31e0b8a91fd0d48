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
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Plans for random fleets, run in random order with both hosts of each move charged while it goes on. */
final class PlannerPropertiesTest {
    private static final DrainSpec SPEC = DrainSpec.because("test");

    @Property(tries = 300)
    void everyStepOfADrainFitsInWhateverOrderItsMovesBeginAndEnd(@ForAll long seed) {
        PlanScene scene = scene(new Random(seed), 6, 24);

        MigrationPlan plan = PlanScene.planner().drain(scene.fleet(), h(1), scene.on(1), List.of(), SPEC);

        assertSound(scene, plan, new Random(seed));
        assertEquals(
                scene.on(1).stream().map(Guest::id).collect(Collectors.toSet()),
                concerned(plan),
                "every guest is moved or told why not");
        assertTrue(plan.moves().stream().allMatch(move -> move.source().equals(h(1))), "nothing else is moved");
        assertTrue(plan.unmovable().stream().allMatch(left -> left.reason().contains("needs")), "with numbers");
    }

    @Property(tries = 300)
    void whatADrainLeavesFitsNowhereAfterIt(@ForAll long seed) {
        PlanScene scene = scene(new Random(seed), 4, 24);

        MigrationPlan plan = PlanScene.planner().drain(scene.fleet(), h(1), scene.on(1), List.of(), SPEC);

        Fleet then = scene.fleet();
        then.disable(h(1), "test");
        Function<InstanceId, Guest> guests = byId(scene);
        plan.moves().forEach(move -> then.charge(move.target(), guests.apply(move.instance())));
        plan.unmovable()
                .forEach(left -> then.open()
                        .forEach(host -> assertTrue(
                                !PlanScene.placement().passes(then, guests.apply(left.instance()), host),
                                () -> left + " would fit on " + host)));
    }

    @Property(tries = 400)
    void aDrainThatIsPossibleIsFound(@ForAll long seed, @ForAll @IntRange(min = 2, max = 4) int hosts) {
        PlanScene scene = scene(new Random(seed), hosts, 12);
        List<Guest> guests = scene.on(1);

        MigrationPlan plan = PlanScene.planner().drain(scene.fleet(), h(1), guests, List.of(), SPEC);

        Fleet fleet = scene.fleet();
        fleet.disable(h(1), "test");
        assertEquals(
                isPossible(fleet, guests, 0),
                plan.unmovable().isEmpty(),
                () -> "all ways tried one by one, against " + plan);
    }

    @Property(tries = 200)
    void aSpreadIsSoundWorthItsMovesAndFinal(@ForAll long seed) {
        PlanScene scene = scene(new Random(seed), 6, 40);
        RebalancePolicy policy = RebalancePolicy.spread().minGain(0.005);

        MigrationPlan plan = PlanScene.planner().rebalance(scene.fleet(), scene.guests(), policy);

        assertSound(scene, plan, new Random(seed));
        double gain = plan.before().imbalance() - plan.after().imbalance();
        assertTrue(gain >= plan.moves().size() * policy.minGain() - 1e-9, () -> "gain " + gain + " of " + plan);
        assertFinal(scene, plan, policy);
    }

    @Property(tries = 200)
    void aPackIsSoundWorthItsMovesAndFinal(@ForAll long seed) {
        PlanScene scene = scene(new Random(seed), 6, 14);
        RebalancePolicy policy = RebalancePolicy.pack().minGain(0.01);

        MigrationPlan plan = PlanScene.planner().rebalance(scene.fleet(), scene.guests(), policy);

        assertSound(scene, plan, new Random(seed));
        double gain = plan.before().inUse() - plan.after().inUse();
        assertTrue(gain >= plan.moves().size() * policy.minGain() - 1e-9, () -> "gain " + gain + " of " + plan);
        assertFinal(scene, plan, policy);
    }

    @Property(tries = 50)
    void equalInputYieldsAnEqualPlan(@ForAll long seed) {
        MigrationPlan one = drained(seed);
        MigrationPlan other = drained(seed);

        assertEquals(one.toString(), other.toString());
        assertEquals(one.moves(), other.moves());
    }

    private static MigrationPlan drained(long seed) {
        PlanScene scene = scene(new Random(seed), 6, 24);
        return PlanScene.planner().drain(scene.fleet(), h(1), scene.on(1), List.of(), SPEC);
    }

    /** Hosts of 4 to 16 GiB in two zones, some disabled, with guests of 1 to 6 GiB, some of which ask for their zone. */
    private static PlanScene scene(Random random, int hosts, int most) {
        PlanScene scene = new PlanScene();
        for (int n = 1; n <= hosts; n++) {
            scene.host(n, 4 + random.nextInt(13), 4 + random.nextInt(13), random.nextBoolean() ? "east" : "west");
        }
        for (int n = random.nextInt(most + 1); n > 0; n--) {
            int host = random.nextInt(3) == 0 ? 1 : 1 + random.nextInt(hosts);
            int vcpus = 1 + random.nextInt(3);
            int gib = 1 + random.nextInt(6);
            HostView view = scene.fleet().view(h(host)).orElseThrow();
            if (view.freeMemory() >= gib * PlanScene.GIB && view.freeVcpus() >= vcpus) {
                Optional<String> zone = random.nextInt(3) == 0 ? Optional.of(view.zone()) : Optional.empty();
                scene.guest(host, vcpus, gib, zone, new MemoryLoad(gib * PlanScene.GIB, 0, 0, true));
            }
        }
        if (random.nextInt(4) == 0) {
            scene.disable(hosts);
        }
        return scene;
    }

    private static boolean isPossible(Fleet fleet, List<Guest> guests, int next) {
        if (next == guests.size()) {
            return true;
        }
        Guest guest = guests.get(next);
        for (HostId host : fleet.open()) {
            if (PlanScene.placement().passes(fleet, guest, host)) {
                fleet.charge(host, guest);
                boolean possible = isPossible(fleet, guests, next + 1);
                fleet.release(host, guest);
                if (possible) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Set<InstanceId> concerned(MigrationPlan plan) {
        Set<InstanceId> all = new HashSet<>();
        plan.moves().forEach(move -> all.add(move.instance()));
        plan.unmovable().forEach(left -> all.add(left.instance()));
        return all;
    }

    private static Function<InstanceId, Guest> byId(PlanScene scene) {
        Map<InstanceId, Guest> guests =
                scene.guests().stream().collect(Collectors.toMap(Guest::id, Function.identity()));
        return id -> Optional.ofNullable(guests.get(id)).orElseThrow();
    }

    /** Runs the plan wave by wave, each wave's begins and ends in random order, and looks at the hosts after each. */
    private static void assertSound(PlanScene scene, MigrationPlan plan, Random random) {
        Function<InstanceId, Guest> guests = byId(scene);
        Set<InstanceId> moved = new HashSet<>();
        Fleet fleet = scene.fleet();
        int waves = plan.moves().stream().mapToInt(PlannedMove::wave).max().orElse(0);
        for (int wave = 1; wave <= waves; wave++) {
            int now = wave;
            List<PlannedMove> toBegin = new ArrayList<>(
                    plan.moves().stream().filter(move -> move.wave() == now).toList());
            Collections.shuffle(toBegin, random);
            List<PlannedMove> underWay = new ArrayList<>();
            while (!toBegin.isEmpty() || !underWay.isEmpty()) {
                if (!toBegin.isEmpty() && (underWay.isEmpty() || random.nextBoolean())) {
                    PlannedMove move = toBegin.remove(0);
                    Guest guest = guests.apply(move.instance());
                    assertTrue(moved.add(move.instance()), "each instance is moved at most once");
                    assertEquals(guest.host(), move.source());
                    HostView target = fleet.view(move.target()).orElseThrow();
                    assertTrue(Fleet.isOpen(target), "the target is open");
                    guest.request().zone().ifPresent(zone -> assertEquals(zone, target.zone()));
                    fleet.charge(move.target(), guest);
                    underWay.add(move);
                } else {
                    PlannedMove move = underWay.remove(random.nextInt(underWay.size()));
                    fleet.release(move.source(), guests.apply(move.instance()));
                }
                fleet.views().forEach(PlannerPropertiesTest::assertNotOverfull);
            }
        }
    }

    private static void assertNotOverfull(HostView view) {
        assertTrue(
                view.freeMemory() >= 0 && view.freeVcpus() >= 0 && view.freeDisk() >= 0,
                () -> view.id() + " holds more than it has: " + view.usage());
    }

    /** Who looks again after the plan was run finds nothing to do. */
    private static void assertFinal(PlanScene scene, MigrationPlan plan, RebalancePolicy policy) {
        Map<InstanceId, HostId> places = new HashMap<>();
        plan.moves().forEach(move -> places.put(move.instance(), move.target()));
        Fleet after = scene.fleet();
        List<Guest> guests = new ArrayList<>();
        for (Guest guest : scene.guests()) {
            HostId host = places.getOrDefault(guest.id(), guest.host());
            after.charge(host, guest);
            after.release(guest.host(), guest);
            guests.add(new Guest(guest.name(), host, guest.request(), guest.kind(), guest.load()));
        }
        MigrationPlan again = PlanScene.planner().rebalance(after, guests, policy);
        assertTrue(again.isEmpty(), () -> "first " + plan + "\nthen " + again);
    }
}
