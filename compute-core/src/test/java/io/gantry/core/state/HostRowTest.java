package io.gantry.core.state;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.host.AllocationRatios;
import io.gantry.host.HostId;
import io.gantry.host.HostInventory;
import io.gantry.host.HostState;
import io.gantry.host.HostUsage;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HostRowTest {
    @ParameterizedTest
    @CsvSource({
        "qemu+tls://192.0.2.7/system,       192.0.2.7",
        "qemu+ssh://root@192.0.2.7:22/system, 192.0.2.7",
        "qemu+tls://[2001:db8::7]/system,   2001:db8::7",
        "qemu+tls://node1.example/system,   ",
        "qemu:///system,                    "
    })
    void aHostHasTheAddressThatItsConnectionNames(String connection, String address) {
        HostInventory inventory = new HostInventory(
                "node1", "x86_64", "kvm", "7.2.22", 8, MemorySize.gib(16), DiskSize.gib(100), Set.of());
        HostRow row = new HostRow(
                HostId.of("node1"),
                "kvm",
                URI.create(connection),
                Map.of(),
                Optional.empty(),
                inventory,
                AllocationRatios.DEFAULT,
                Optional.empty());

        assertEquals(
                Optional.ofNullable(address),
                row.toView(
                                HostState.UP,
                                inventory,
                                AllocationRatios.DEFAULT,
                                new HostUsage(0, 0, MemorySize.ZERO, DiskSize.ZERO),
                                "default",
                                Map.of())
                        .build()
                        .address());
    }
}
