package io.gantry.core.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.core.state.State;
import io.gantry.core.store.InMemoryStore;
import io.gantry.host.HostId;
import io.gantry.spi.store.StateStore;
import io.gantry.spi.store.StoredRow;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class IoOperationsTest {
    private static final HostId H1 = HostId.of("h1");
    private static final HostId H2 = HostId.of("h2");
    private static final Map<String, String> QUIET = Map.of("host", "h1");
    private static final Map<String, String> BUILDING = Map.of("io", "true", "host", "h1");
    private static final Map<String, String> MOVING = Map.of("io", "true", "host", "h1", "move-to", "h2");

    private final StateStore store = InMemoryStore.create();
    private final State state = new State(store, new Random(1));
    private final IoOperations operations = new IoOperations(state);

    private Set<HostId> put(String key, long version, Map<String, String> attributes) {
        return operations.put(key, Optional.of(new StoredRow("instance", key, version, "{}", attributes)));
    }

    @Test
    void aBuildCountsFromItsClaimToItsEnd() {
        assertEquals(Set.of(), put("a", 1, Map.of("io", "true")));
        assertEquals(Set.of(H1), put("a", 2, BUILDING));
        put("b", 1, BUILDING);
        assertEquals(2, operations.on(H1));
        assertEquals(Set.of(), put("a", 3, BUILDING));

        assertEquals(Set.of(H1), put("a", 4, QUIET));

        assertEquals(1, operations.on(H1));
        assertEquals(Set.of(H1), operations.put("b", Optional.empty()));
        assertEquals(0, operations.on(H1));
    }

    @Test
    void aMoveCountsOnBothHosts() {
        assertEquals(Set.of(H1, H2), put("a", 1, MOVING));
        assertEquals(1, operations.on(H1));
        assertEquals(1, operations.on(H2));

        put("a", 2, Map.of("host", "h2"));

        assertEquals(0, operations.on(H1));
        assertEquals(0, operations.on(H2));
    }

    @Test
    void whatIsToldOfLateMakesNothingOlder() {
        put("a", 2, BUILDING);
        put("a", 4, QUIET);

        assertEquals(Set.of(), put("a", 3, MOVING));

        assertEquals(0, operations.on(H1));
        put("b", 5, MOVING);
        put("b", 4, BUILDING);
        assertEquals(1, operations.on(H2));
    }

    @Test
    void aComparisonFindsWhatNobodyToldOf() {
        put("gone", 1, BUILDING);
        store.transact(tx -> tx.insert("instance", "new", "{}", Map.of("io", "true", "host", "h2")));
        store.transact(tx -> tx.insert("instance", "quiet", "{}", QUIET));

        assertEquals(Set.of(H1, H2), state.read(operations::compare));
        assertEquals(0, operations.on(H1));
        assertEquals(1, operations.on(H2));
        assertEquals(Set.of(), state.read(operations::compare));
        assertEquals(Map.of(H2, 1), state.read(tx -> IoOperations.counts(state, tx)));
    }
}
