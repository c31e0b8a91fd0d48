package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.host.AllocationRatios;
import io.gantry.placement.Shortage;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostView;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("VcpuFilter, RamFilter, DiskFilter")
class AmountFiltersTest {
    private static final AllocationRatios ONE = new AllocationRatios(1.0, 1.0, 1.0);

    @Test
    @DisplayName("memory: what is free exactly is enough, a byte more is not")
    void memoryBoundary() {
        HostView host = Given.host(ONE, 0, new MemorySize((15L << 30) - (512L << 20)), DiskSize.ZERO);
        assertEquals(Verdict.pass(), ram(new MemorySize((1L << 30) + (512L << 20)), host));
        Verdict rejected = ram(new MemorySize((1L << 30) + (512L << 20) + 1), host);
        assertEquals("MEMORY", rejected.code());
    }

    @Test
    @DisplayName("memory: says needs 4 GiB, has 1.5 GiB of 16 GiB x1.0")
    void memoryInWords() {
        HostView host = Given.host(ONE, 0, MemorySize.mib(14 * 1024 + 512), DiskSize.ZERO);
        assertEquals(Verdict.reject("MEMORY", "4 GiB", "1.5 GiB of 16 GiB x1.0"), ram(MemorySize.gib(4), host));
    }

    @Test
    @DisplayName("memory: 16 GiB at ratio 1.5 are 24 GiB; 20 used leave 4")
    void memoryWithRatio() {
        HostView host = Given.host(new AllocationRatios(1, 1.5, 1), 0, MemorySize.gib(20), DiskSize.ZERO);
        assertEquals(Verdict.pass(), ram(MemorySize.gib(4), host));
        assertEquals(Verdict.reject("MEMORY", "5 GiB", "4 GiB of 16 GiB x1.5"), ram(MemorySize.gib(5), host));
    }

    @Test
    @DisplayName("memory: at any ratio a guest gets no more than the host has by itself")
    void memoryTotal() {
        HostView host = Given.host(new AllocationRatios(1, 4, 1), 0, MemorySize.ZERO, DiskSize.ZERO);
        assertEquals(Verdict.pass(), ram(MemorySize.gib(16), host));
        assertEquals(Verdict.reject("MEMORY_TOTAL", "17 GiB", "16 GiB in all"), ram(MemorySize.gib(17), host));
    }

    @Test
    @DisplayName("memory: a host that is over-committed beyond its ratio says by how much")
    void memoryOverCommitted() {
        HostView host = Given.host(ONE, 0, MemorySize.gib(18), DiskSize.ZERO);
        assertEquals(
                Verdict.reject("MEMORY", "1 GiB", "0 B (over-committed by 2 GiB) of 16 GiB x1.0"),
                ram(MemorySize.gib(1), host));
    }

    @Test
    @DisplayName("vCPUs: 8 at ratio 4 are 32; 30 used leave 2")
    void vcpus() {
        HostView host = Given.host(AllocationRatios.DEFAULT, 30, MemorySize.ZERO, DiskSize.ZERO);
        assertEquals(Verdict.pass(), vcpu(2, host));
        assertEquals(Verdict.reject("VCPUS", "3 vCPUs", "2 vCPUs of 8 vCPUs x4.0"), vcpu(3, host));
        assertEquals(Verdict.reject("VCPUS_TOTAL", "9 vCPUs", "8 vCPUs in all"), vcpu(9, host));
    }

    @Test
    @DisplayName("vCPUs: a fraction that the ratio leaves is not a vCPU: 8 x 0.7 = 5.6 are 5")
    void vcpuFraction() {
        HostView host = Given.host(new AllocationRatios(0.7, 1, 1), 4, MemorySize.ZERO, DiskSize.ZERO);
        assertEquals(Verdict.pass(), vcpu(1, host));
        assertEquals(Verdict.reject("VCPUS", "2 vCPUs", "1 vCPU of 8 vCPUs x0.7"), vcpu(2, host));
    }

    @Test
    @DisplayName("disk: the root disk counts, not the flavor's")
    void disk() {
        HostView host = Given.host(ONE, 0, MemorySize.ZERO, DiskSize.gib(60));
        assertEquals(Verdict.pass(), disk(DiskSize.gib(40), host));
        assertEquals(Verdict.reject("DISK", "41 GiB", "40 GiB of 100 GiB x1.0"), disk(DiskSize.gib(41), host));
        assertEquals(Verdict.reject("DISK_TOTAL", "101 GiB", "100 GiB in all"), disk(DiskSize.gib(101), host));
    }

    @Test
    @DisplayName(
            "what is missing is told in numbers: what others would have to free, or what no host of this size can give")
    void shortages() {
        HostView host = Given.host(ONE, 6, MemorySize.gib(18), DiskSize.gib(60));

        assertEquals(
                Optional.of(new Shortage("memory", 3L << 30, "3 GiB", true)),
                new RamFilter()
                        .test(Given.request(1, MemorySize.gib(1), DiskSize.ZERO), host)
                        .shortage());
        assertEquals(
                Optional.of(new Shortage("memory", 4L << 30, "4 GiB", false)),
                new RamFilter()
                        .test(Given.request(1, MemorySize.gib(20), DiskSize.ZERO), host)
                        .shortage());
        assertEquals(
                Optional.of(new Shortage("vCPUs", 1, "1 vCPU", true)),
                new VcpuFilter()
                        .test(Given.request(3, MemorySize.gib(1), DiskSize.ZERO), host)
                        .shortage());
        assertEquals(
                Optional.of(new Shortage("vCPUs", 2, "2 vCPUs", false)),
                new VcpuFilter()
                        .test(Given.request(10, MemorySize.gib(1), DiskSize.ZERO), host)
                        .shortage());
        assertEquals(
                Optional.of(new Shortage("disk", 10L << 30, "10 GiB", true)),
                new DiskFilter()
                        .test(Given.request(1, MemorySize.gib(1), DiskSize.gib(50)), host)
                        .shortage());
        assertEquals(
                Optional.of(new Shortage("disk", 1L << 30, "1 GiB", false)),
                new DiskFilter()
                        .test(Given.request(1, MemorySize.gib(1), DiskSize.gib(101)), host)
                        .shortage());
    }

    /** Without the shortage, which {@link #shortages} is about. */
    private static Verdict inWords(Verdict verdict) {
        return verdict.passed() ? verdict : Verdict.reject(verdict.code(), verdict.needed(), verdict.free());
    }

    private static Verdict ram(MemorySize memory, HostView host) {
        return inWords(new RamFilter().test(Given.request(1, memory, DiskSize.ZERO), host));
    }

    private static Verdict vcpu(int vcpus, HostView host) {
        return inWords(new VcpuFilter().test(Given.request(vcpus, MemorySize.gib(1), DiskSize.ZERO), host));
    }

    private static Verdict disk(DiskSize disk, HostView host) {
        return inWords(new DiskFilter().test(Given.request(1, MemorySize.gib(1), disk), host));
    }
}
