package io.gantry.core.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.host.HostId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class HostRoundsTest {
    private static final int TICKS = 60;

    private final List<HostId> fleet =
            IntStream.range(0, 3_000).mapToObj(n -> HostId.of("host-" + n)).toList();
    private final List<HostId> looked = new ArrayList<>();

    @Test
    void aRoundLooksAtEachHostOnceAndAtFewAtATime() {
        HostRounds rounds = new HostRounds(Duration.ofMinutes(1), () -> fleet, () -> name -> true, looked::add);
        assertEquals(Duration.ofSeconds(1), rounds.tick());
        for (int i = 0; i < TICKS; i++) {
            int before = looked.size();
            rounds.run();
            assertTrue(looked.size() - before < fleet.size() / 20, (looked.size() - before) + " at once");
        }
        assertEquals(fleet.size(), looked.size());
        assertEquals(new TreeSet<>(fleet), new TreeSet<>(looked));
    }

    @Test
    void aShortIntervalHasOneTick() {
        HostRounds rounds = new HostRounds(Duration.ofMillis(100), () -> fleet, () -> name -> true, looked::add);
        assertEquals(Duration.ofMillis(100), rounds.tick());
        rounds.run();
        assertEquals(fleet.size(), looked.size());
    }

    @Test
    void aNodeLooksAtItsShareAndAtEachTenthRoundAtAll() {
        HostRounds rounds =
                new HostRounds(Duration.ofMillis(100), () -> fleet, () -> name -> name.endsWith("7"), looked::add);
        List<Integer> sizes = new ArrayList<>();
        for (int round = 0; round < 11; round++) {
            looked.clear();
            rounds.run();
            sizes.add(looked.size());
        }
        assertEquals(List.of(3_000, 300, 300, 300, 300, 300, 300, 300, 300, 300, 3_000), sizes);
    }
}
