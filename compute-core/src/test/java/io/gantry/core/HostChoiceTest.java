package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.error.InvalidRequest;
import io.gantry.host.HostId;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the engine's settings make of hosts that suit as well. */
final class HostChoiceTest {
    private static final int SEED = 20_26;

    @TempDir
    Path directory;

    @Test
    void ofHostsThatSuitAsWellTheFirstByIdIsTaken() {
        assertEquals(Set.of(HostId.of("h1")), chosen(builder -> builder));
    }

    @Test
    void theEngineDrawsFromAsManyOfTheBestAsItIsTold() {
        assertEquals(
                Set.of(HostId.of("h1"), HostId.of("h2")),
                chosen(builder -> builder.hostSubsetSize(2).random(new Random(SEED))));
    }

    @Test
    void theEngineShufflesThoseThatWeighTheSameIfItIsTold() {
        assertEquals(
                Set.of(HostId.of("h1"), HostId.of("h2"), HostId.of("h3")),
                chosen(builder -> builder.shuffleBestSameWeighed(true).random(new Random(SEED))));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void thereIsNoDrawingFromLessThanOne(int size) {
        ComputeEngineBuilder builder = ComputeEngine.builder();

        InvalidRequest refused = assertThrows(InvalidRequest.class, () -> builder.hostSubsetSize(size));

        assertEquals("engine.hostSubsetSize", refused.field());
        assertEquals(Integer.toString(size), refused.value());
    }

    private Set<HostId> chosen(UnaryOperator<ComputeEngineBuilder> settings) {
        try (SimEngine engine = SimEngine.open(directory, 3, settings)) {
            return IntStream.range(0, 40)
                    .mapToObj(i -> engine.compute()
                            .instances()
                            .explain(engine.spec("web").build())
                            .chosen()
                            .orElseThrow())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
