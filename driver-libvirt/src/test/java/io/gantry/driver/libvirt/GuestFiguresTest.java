package io.gantry.driver.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.driver.libvirt.port.DomainStatus;
import io.gantry.driver.libvirt.port.JobStatistics;
import io.gantry.error.Conflict;
import io.gantry.error.InvalidState;
import io.gantry.instance.InstanceDiagnostics;
import io.gantry.instance.PowerState;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class GuestFiguresTest {
    private static final DomainStatus BEFORE =
            new DomainStatus(UUID.randomUUID(), "gantry-x", DomainStatus.RUNNING, 1, false);

    /** What libvirt 9.0 tells of a guest with two vCPUs, of which one was unplugged, a disk and an empty CD drive. */
    private static Map<String, Object> figures() {
        Map<String, Object> figures = new HashMap<>();
        figures.put("state.state", 3L);
        figures.put("state.reason", 1L);
        figures.put("balloon.current", 65_536L);
        figures.put("balloon.maximum", 98_304L);
        figures.put("vcpu.current", 2L);
        figures.put("vcpu.maximum", 3L);
        figures.put("vcpu.0.state", 1L);
        figures.put("vcpu.0.time", 2_500_000_000L);
        figures.put("vcpu.2.state", 1L);
        figures.put("block.count", 2L);
        figures.put("block.0.name", "vda");
        figures.put("block.0.rd.reqs", 7L);
        figures.put("block.0.rd.bytes", 4096L);
        figures.put("block.0.wr.reqs", 3L);
        figures.put("block.0.wr.bytes", 1024L);
        figures.put("block.1.name", "sda");
        return figures;
    }

    private static InstanceDiagnostics of(Map<String, Object> figures) {
        return GuestFigures.of(BEFORE, new JobStatistics(figures), "kvm", "qemu");
    }

    @Test
    void figuresAreThoseOfLibvirt() {
        InstanceDiagnostics seen = of(figures());

        assertEquals(PowerState.PAUSED, seen.state(), "that of the figures, not that before");
        assertEquals("kvm", seen.driver());
        assertEquals("qemu", seen.hypervisor());
        assertEquals(
                List.of(
                        new InstanceDiagnostics.Cpu(0, Optional.of(Duration.ofMillis(2500))),
                        new InstanceDiagnostics.Cpu(2, Optional.empty())),
                seen.cpus());
        assertEquals(2, seen.numCpus());
        assertEquals(
                new InstanceDiagnostics.Memory(MemorySize.mib(96), MemorySize.mib(64), Optional.empty()),
                seen.memory());
        assertEquals(
                List.of(new InstanceDiagnostics.Disk(
                        "vda", new DiskSize(4096), 7, new DiskSize(1024), 3, OptionalLong.empty())),
                seen.disks());
    }

    @Test
    void whatOnlySomeHypervisorsTellIsTakenWhereItIs() {
        Map<String, Object> figures = figures();
        figures.put("balloon.unused", 1024L);
        figures.put("block.0.errors", 5L);
        assertEquals(Optional.of(MemorySize.mib(1)), of(figures).memory().available());
        assertEquals(OptionalLong.of(5), of(figures).disks().get(0).errors());
        figures.put("balloon.usable", 2048L);
        assertEquals(Optional.of(MemorySize.mib(2)), of(figures).memory().available());
    }

    @Test
    void aGuestThatWentOffMeanwhileHasNone() {
        Map<String, Object> figures = figures();
        figures.put("state.state", 5L);
        InvalidState refused = assertThrows(InvalidState.class, () -> of(figures));
        assertTrue(refused.getMessage().contains("SHUTDOWN"), refused.getMessage());
    }

    @Test
    void aGuestThatAnotherJobKeepsBusyIsNotToldOfByHalf() {
        Map<String, Object> figures = figures();
        figures.keySet().removeIf(name -> name.contains("reqs") || name.contains("bytes"));
        Conflict refused = assertThrows(Conflict.class, () -> of(figures));
        assertTrue(refused.getMessage().contains("busy"), refused.getMessage());
    }

    @Test
    void aGuestWithoutDisksHasNone() {
        Map<String, Object> figures = figures();
        figures.keySet().removeIf(name -> name.startsWith("block."));
        assertEquals(List.of(), of(figures).disks());
    }
}
