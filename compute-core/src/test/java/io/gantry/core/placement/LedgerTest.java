package io.gantry.core.placement;

import static io.gantry.core.placement.LedgerBench.H1;
import static io.gantry.core.placement.LedgerBench.H2;
import static io.gantry.core.placement.LedgerBench.inventory;
import static io.gantry.core.placement.LedgerBench.need;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.Conflict;
import io.gantry.error.NotFound;
import io.gantry.host.AllocationRatios;
import io.gantry.host.HostId;
import io.gantry.host.HostState;
import io.gantry.placement.Inventory;
import io.gantry.placement.ResourceClass;
import io.gantry.spi.scheduler.HostView;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a ledger does for one consumer after the other. */
final class LedgerTest {
    private final LedgerBench bench = new LedgerBench();

    @Test
    void capacityIsTotalTimesRatioToTheUnit() {
        bench.register(H1, 4, 8, 50, new AllocationRatios(1.5, 1.0, 1.0));

        assertEquals(Optional.of("VCPU"), bench.claim("a", H1, need(7, 0, 0)));
        assertEquals(Optional.empty(), bench.claim("a", H1, need(6, 0, 0)));
        assertEquals(Optional.of("VCPU"), bench.claim("b", H1, need(1, 0, 0)));
        assertEquals(Optional.of("MEMORY"), bench.claim("b", H1, need(0, 8 * 1024 + 1, 0)));
        assertEquals(Optional.empty(), bench.claim("b", H1, need(0, 8 * 1024, 0)));
        assertEquals(Optional.of("DISK"), bench.claim("c", H1, need(0, 0, 50 * 1024 + 1)));
        assertEquals(Optional.empty(), bench.claim("c", H1, need(0, 0, 50 * 1024)));
    }

    @Test
    void bytesAreRoundedUpToMebibytesAndWhatAHostHasIsRoundedDown() {
        bench.register(H1, 4, 1, 1, AllocationRatios.DEFAULT);
        bench.claim("a", H1, new Need(1, new MemorySize(1), new DiskSize((1 << 20) + 1)));

        assertEquals(MemorySize.mib(1), bench.host(H1).usage().memory());
        assertEquals(DiskSize.mib(2), bench.host(H1).usage().disk());
    }

    @Test
    void aLackSaysWhatIsNeededAndWhatIsFree() {
        bench.register(H1, 4, 8, 50, new AllocationRatios(1.0, 1.0, 1.0));
        bench.claim("a", H1, need(3, 5 * 1024, 0));

        assertEquals(
                "VCPU: needs 2 vCPU, has 1 vCPU free",
                bench.state
                        .transact(tx -> bench.ledger.claim(tx, "b", H1, need(2, 0, 0)))
                        .orElseThrow()
                        .toString());
        assertEquals(
                "MEMORY: needs 4 GiB, has 3 GiB free",
                bench.state
                        .transact(tx -> bench.ledger.claim(tx, "b", H1, need(1, 4096, 0)))
                        .orElseThrow()
                        .toString());
    }

    @Test
    void claimingTwiceIsClaimingOnce() {
        bench.register(H1, 4, 8, 50, new AllocationRatios(1.0, 1.0, 1.0));
        bench.claim("a", H1, need(4, 1, 1));
        long generation = bench.provider("h1").generation();

        assertEquals(Optional.empty(), bench.claim("a", H1, need(4, 1, 1)));

        assertEquals(4, bench.host(H1).usage().vcpus());
        assertEquals(1, bench.host(H1).usage().instances());
        assertEquals(generation, bench.provider("h1").generation(), "nothing was written");
    }

    @Test
    void claimingOtherAmountsReplacesTheFirst() {
        bench.register(H1, 4, 8, 50, new AllocationRatios(1.0, 1.0, 1.0));
        bench.claim("a", H1, need(3, 100, 100));

        assertEquals(Optional.empty(), bench.claim("a", H1, need(4, 50, 0)), "its own 3 vCPU count as free for it");

        assertEquals(Optional.of(need(4, 50, 0)), bench.state.transact(tx -> bench.ledger.need(tx, "a", H1)));
        bench.assertConsistent();
    }

    @Test
    void oneClaimIsOneChangeOfOneProvider() {
        bench.register(H1, 4, 8, 50, AllocationRatios.DEFAULT);
        long generation = bench.provider("h1").generation();

        bench.claim("a", H1, need(1, 1, 1));

        assertEquals(generation + 1, bench.provider("h1").generation());
    }

    @Test
    void theSourceOfAMoveStaysChargedUntilTheMoveEnds() {
        bench.register(H1, 4, 8, 50, AllocationRatios.DEFAULT);
        bench.register(H2, 4, 8, 50, AllocationRatios.DEFAULT);
        bench.claim("instance:a", H1, need(2, 1024, 1024));

        bench.state.change(tx -> {
            bench.ledger.pass(tx, "instance:a", "migration:m", H1);
            bench.ledger.claim(tx, "instance:a", H2, need(2, 1024, 1024));
        });
        assertEquals(2, bench.host(H1).usage().vcpus());
        assertEquals(2, bench.host(H2).usage().vcpus());

        bench.state.change(tx -> bench.ledger.releaseAll(tx, "migration:m"));
        assertEquals(0, bench.host(H1).usage().vcpus());
        assertEquals(2, bench.host(H2).usage().vcpus());
        bench.assertConsistent();
    }

    @Test
    void claimsPassBackWhenAMoveIsUndone() {
        bench.register(H1, 4, 8, 50, AllocationRatios.DEFAULT);
        bench.register(H2, 4, 8, 50, AllocationRatios.DEFAULT);
        bench.claim("instance:a", H1, need(2, 1024, 1024));
        bench.state.change(tx -> {
            bench.ledger.pass(tx, "instance:a", "migration:m", H1);
            bench.ledger.claim(tx, "instance:a", H2, need(2, 1024, 1024));
        });

        bench.state.change(tx -> {
            bench.ledger.release(tx, "instance:a", H2);
            bench.ledger.pass(tx, "migration:m", "instance:a", H1);
        });

        assertEquals(
                Optional.of(need(2, 1024, 1024)), bench.state.transact(tx -> bench.ledger.need(tx, "instance:a", H1)));
        assertEquals(List.of(), bench.state.transact(tx -> bench.ledger.claims(tx, "migration:m")));
        assertFalse(bench.state.<Boolean>transact(tx -> bench.ledger.isUsed(tx, H2)));
    }

    @Test
    void claimsDoNotPassToWhoHoldsSomethingThere() {
        bench.register(H1, 4, 8, 50, AllocationRatios.DEFAULT);
        bench.claim("instance:a", H1, need(1, 1, 1));
        bench.claim("migration:m", H1, need(1, 1, 1));

        assertThrows(Conflict.class, () -> bench.pass("instance:a", "migration:m", H1));
        bench.assertConsistent();
    }

    @Test
    void releasingOrPassingNothingDoesNothing() {
        bench.register(H1, 4, 8, 50, AllocationRatios.DEFAULT);
        long generation = bench.provider("h1").generation();

        bench.release("nobody", H1);
        bench.pass("nobody", "somebody", H1);
        bench.state.change(tx -> bench.ledger.releaseAll(tx, "nobody"));

        assertEquals(generation, bench.provider("h1").generation());
    }

    @Test
    void anUnknownHostIsNotFound() {
        assertThrows(NotFound.class, () -> bench.claim("a", HostId.of("nowhere"), need(1, 1, 1)));
    }

    @Test
    void aHostInUseCannotBeRemoved() {
        bench.register(H1, 4, 8, 50, AllocationRatios.DEFAULT);
        bench.claim("a", H1, need(0, 0, 0));

        assertThrows(Conflict.class, () -> bench.state.change(tx -> bench.ledger.removeHost(tx, H1)));

        bench.release("a", H1);
        bench.state.change(tx -> bench.ledger.removeHost(tx, H1));
        assertEquals(List.of(), bench.providers.list());
    }

    @Test
    void whatAHostIsReadToHaveBecomesItsTotals() {
        bench.register(H1, 4, 8, 50, new AllocationRatios(2.0, 1.0, 1.0));
        bench.setInventory(
                "h1", ResourceClass.VCPU, Inventory.of(4).withReserved(1).withAllocationRatio(3.0));

        assertTrue(bench.state.<Boolean>transact(tx -> bench.ledger.updateInventory(tx, H1, inventory(H1, 8, 8, 50))));
        assertFalse(bench.state.<Boolean>transact(tx -> bench.ledger.updateInventory(tx, H1, inventory(H1, 8, 8, 50))));

        assertEquals(
                Inventory.of(8).withReserved(1).withAllocationRatio(3.0),
                bench.provider("h1").inventories().get(ResourceClass.VCPU),
                "reserve and ratio are the operator's");
        assertEquals(8, bench.host(H1).inventory().vcpus());
        assertEquals(3.0, bench.host(H1).ratios().vcpus());
    }

    @Test
    void filtersSeeTheRoomThatTheLedgerGives() {
        bench.register(H1, 8, 8, 50, new AllocationRatios(2.0, 1.0, 1.0));
        bench.setInventory(
                "h1", ResourceClass.VCPU, Inventory.of(8).withReserved(3).withAllocationRatio(2.0));
        bench.setInventory("h1", ResourceClass.MEMORY_MB, Inventory.of(8192).withReserved(512));
        bench.claim("a", H1, need(4, 1024, 1024));

        HostView view = bench.state
                .transact(tx -> bench.ledger.view(tx, H1, host -> HostState.UP))
                .orElseThrow()
                .build();

        assertEquals(6, view.freeVcpus());
        assertEquals(MemorySize.mib(8192 - 512 - 1024).bytes(), view.freeMemory());
        assertEquals(DiskSize.gib(49).bytes(), view.freeDisk());
        assertEquals(
                List.of(view.toString()),
                bench.state.transact(tx -> bench.ledger.views(tx, host -> HostState.UP)).stream()
                        .map(HostView::toString)
                        .toList());
        assertEquals(8, bench.host(H1).inventory().vcpus(), "callers see what the host has");
    }

    @Test
    void anAuditFindsAndRepairsWhatOthersDidToTheStore() {
        bench.register(H1, 4, 8, 50, AllocationRatios.DEFAULT);
        bench.claim("a", H1, need(2, 100, 0));
        bench.state.change(tx -> bench.state
                .claims()
                .find(tx, "consumer", "a")
                .forEach(claim -> bench.state.claims().delete(tx, claim)));
        LedgerAudit audit = new LedgerAudit(bench.state);

        assertEquals(
                List.of(
                        new LedgerAudit.Drift("h1", "MEMORY_MB", 100, 0),
                        new LedgerAudit.Drift("h1", "VCPU", 2, 0),
                        new LedgerAudit.Drift("h1", LedgerAudit.CLAIMS, 1, 0)),
                bench.state.transact(tx -> audit.run(tx, true)));
        bench.assertConsistent();
        assertEquals(0, bench.host(H1).usage().instances());
    }
}
