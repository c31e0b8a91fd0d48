package io.gantry.core.placement;

import static io.gantry.core.placement.LedgerBench.H1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.error.Conflict;
import io.gantry.host.AllocationRatios;
import io.gantry.placement.Inventory;
import io.gantry.placement.ProviderId;
import io.gantry.placement.ResourceClass;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an inventory gives, at and beside each of its boundaries, and what an over-committed one accepts. */
final class InventoryRulesTest {
    private static final ResourceClass GPU = ResourceClass.of("CUSTOM_GPU");
    private static final ProviderId HOST = ProviderId.of(H1);

    private final LedgerBench bench = new LedgerBench();

    @ParameterizedTest(name = "total {0}, reserved {1}, ratio {2}: {3} fit, {4} do not")
    @CsvSource({
        "10, 0, 1.0, 10, 11",
        "10, 3, 1.0, 7, 8",
        "10, 3, 1.5, 10, 11",
        "10, 3, 0.5, 3, 4",
        "3, 0, 1.34, 4, 5",
        "3, 0, 1.33, 3, 4",
        "1000000000000, 1, 1.0, 999999999999, 1000000000000",
    })
    void capacityIsTotalLessReservedTimesRatioRoundedDown(
            long total, long reserved, double ratio, long fits, long tooMuch) {
        bench.register(H1, 4, 8, 50, AllocationRatios.DEFAULT);
        bench.setInventory("h1", GPU, Inventory.of(total).withReserved(reserved).withAllocationRatio(ratio));

        assertEquals(false, claim("a", tooMuch));
        assertEquals(true, claim("a", fits));
        assertEquals(false, claim("b", 1), "it is full to the last unit");
    }

    @ParameterizedTest(name = "with all of it reserved, total {0} gives nothing")
    @ValueSource(longs = {0, 4, 5})
    void reservingAllLeavesNothing(long total) {
        bench.register(H1, 4, 8, 50, AllocationRatios.DEFAULT);
        bench.setInventory("h1", GPU, Inventory.of(total).withReserved(5).withAllocationRatio(16));

        assertEquals(false, claim("a", 1));
    }

    @ParameterizedTest(name = "from 4 to 12 in steps of 4, {0}: {1}")
    @CsvSource({
        "1, false",
        "3, false",
        "4, true",
        "5, false",
        "8, true",
        "11, false",
        "12, true",
        "13, false",
        "16, false"
    })
    void amountsKeepToTheUnits(long amount, boolean accepted) {
        bench.register(H1, 4, 8, 50, AllocationRatios.DEFAULT);
        bench.setInventory("h1", GPU, Inventory.of(100).withUnits(4, 12, 4));

        assertEquals(accepted, claim("a", amount));
    }

    /** 8 are held where there is room for 6 now; another consumer holds 2. */
    @ParameterizedTest(name = "{0} goes from {1} to {2}: {3}")
    @CsvSource({
        "big, 8, 9, false",
        "big, 8, 8, true",
        "big, 8, 7, true",
        "big, 8, 1, true",
        "big, 8, 0, true",
        "small, 2, 3, false",
        "small, 2, 1, true",
        "small, 2, 2, true",
        "new, 0, 1, false",
        "new, 0, 0, true",
    })
    void anOverCommittedProviderAcceptsWhatLeavesItNoWorse(String who, long before, long after, boolean accepted) {
        bench.register(H1, 4, 8, 50, AllocationRatios.DEFAULT);
        bench.setInventory("h1", GPU, Inventory.of(10));
        claim("big", 8);
        claim("small", 2);
        bench.setInventory("h1", GPU, Inventory.of(6));

        assertEquals(accepted, claim(who, after));

        assertEquals(accepted ? 10 - before + after : 10, bench.used("h1", GPU));
        bench.assertConsistent();
    }

    @ParameterizedTest(name = "an over-committed host gives {0} vCPU")
    @CsvSource({"1, false", "0, true"})
    void whatIsOverCommittedDoesNotKeepOtherResourcesBack(int vcpus, boolean accepted) {
        bench.register(H1, 4, 8, 50, new AllocationRatios(1.0, 1.0, 1.0));
        bench.claim("a", H1, LedgerBench.need(4, 10, 0));
        bench.state.transact(tx -> bench.ledger.updateInventory(tx, H1, LedgerBench.inventory(H1, 2, 8, 50)));

        assertEquals(
                accepted, bench.claim("b", H1, LedgerBench.need(vcpus, 10, 0)).isEmpty());
    }

    @ParameterizedTest(name = "to {0}: refused unless forced")
    @ValueSource(longs = {5, 1, 0})
    void anInventoryInUseIsNotShrunkBelowItsUse(long total) {
        bench.register(H1, 4, 8, 50, AllocationRatios.DEFAULT);
        bench.setInventory("h1", GPU, Inventory.of(10));
        claim("a", 6);

        assertThrows(Conflict.class, () -> bench.providers.setInventory(HOST, GPU, Inventory.of(total), false));
        assertThrows(Conflict.class, () -> bench.providers.removeInventory(HOST, GPU, false));
        bench.providers.setInventory(HOST, GPU, Inventory.of(6), false);
        bench.providers.setInventory(HOST, GPU, Inventory.of(total), true);

        assertEquals(total - 6, bench.provider("h1").free(GPU));
        bench.providers.removeInventory(HOST, GPU, true);
        assertEquals(6, bench.used("h1", GPU), "claims stay");
        assertEquals(false, claim("b", 1));
        bench.release("a", H1);
        assertEquals(0, bench.used("h1", GPU));
    }

    @ParameterizedTest(name = "from 6 to {0}")
    @ValueSource(longs = {6, 7, 8})
    void anOverCommittedInventoryMayGrowTowardsItsUse(long total) {
        bench.register(H1, 4, 8, 50, AllocationRatios.DEFAULT);
        bench.setInventory("h1", GPU, Inventory.of(10));
        claim("a", 10);
        bench.setInventory("h1", GPU, Inventory.of(6));

        bench.providers.setInventory(HOST, GPU, Inventory.of(total), false);

        assertEquals(total - 10, bench.provider("h1").free(GPU));
    }

    private boolean claim(String consumer, long amount) {
        return bench.claim(consumer, H1, Map.of(HOST, Map.of(GPU, amount))).isEmpty();
    }
}
