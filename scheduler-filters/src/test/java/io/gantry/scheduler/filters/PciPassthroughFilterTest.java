package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.gantry.placement.Shortage;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.ColumnFilter;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.tck.HostFilterContract;
import io.gantry.topology.PciNumaPolicy;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PciPassthroughFilterTest extends HostFilterContract {
    @Override
    protected HostFilter filter() {
        return new PciPassthroughFilter();
    }

    private Verdict verdict(int devices, Set<String> used) {
        return filter().test(
                        Given.cells("hw:cpu_policy=dedicated", devices, PciNumaPolicy.REQUIRED),
                        Given.cells(Set.of(), Set.of(), used));
    }

    @Test
    void countsFreeDevicesWhereverTheyAre() {
        assertEquals(Verdict.pass(), verdict(0, Set.of()));
        assertEquals(Verdict.pass(), verdict(3, Set.of()));
        assertEquals(Verdict.pass(), verdict(2, Set.of("0000:00:00.0")));
    }

    @Test
    void saysHowManyAreFree() {
        assertEquals(
                Verdict.lacking(
                        "PCI_DEVICES", "3 nic", "2 free of 3", new Shortage("PCI devices nic", 1, "1 nic", true)),
                verdict(3, Set.of("0000:01:00.0")));
        assertEquals(
                Verdict.lacking(
                        "PCI_DEVICES", "4 nic", "3 free of 3", new Shortage("PCI devices nic", 1, "1 nic", false)),
                verdict(4, Set.of()));
        assertEquals(
                "PCI_DEVICES: needs 1 nic, has 0 free of 0",
                filter().test(Given.cells("", 1, PciNumaPolicy.LEGACY), Given.host("node1", 0, ""))
                        .toString());
    }

    @Test
    void costsNothingWhereNothingIsAsked() {
        assertSame(
                ColumnFilter.KEEP_ALL, filter().columns(Given.image(Map.of())).orElseThrow());
    }
}
