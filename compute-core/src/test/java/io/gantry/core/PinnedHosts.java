package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.core.state.ClaimRow;
import io.gantry.core.state.Table;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.host.HostSpec;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.scheduler.filters.SchedulerDefaults;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.topology.GuestLayout;
import io.gantry.topology.GuestPlacement;
import io.gantry.topology.PciAlias;
import io.gantry.topology.PciNumaPolicy;
import io.gantry.topology.PciRequest;
import io.gantry.topology.PciType;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Engines over hosts of two cells with four cores of two threads and 4 GiB each, of which CPUs 0 to 3 and 8 to 11 are
 * dedicated, with 256 huge pages in each cell and three network devices, two of them on cell 0.
 */
final class PinnedHosts {
    static final Set<Integer> DEDICATED = Set.of(0, 1, 2, 3, 8, 9, 10, 11);
    static final Set<Integer> SHARED = Set.of(4, 5, 6, 7, 12, 13, 14, 15);

    private static final String DEVICES =
            "0000:81:00.0/8086/1572/pci/0,0000:81:00.1/8086/1572/pci/0,0000:c1:00.0/8086/1572/pci/1";
    private static final String SIZE = "vcpus=16&memory-mib=8192&disk-gib=200&bandwidth-mib=200";

    private PinnedHosts() {}

    /** An engine whose usual flavors have dedicated CPUs. */
    static SimEngine open(Path directory, int hosts, UnaryOperator<ComputeEngineBuilder> settings) {
        return open(directory, hosts, SchedulerDefaults.filters(), settings);
    }

    static SimEngine open(
            Path directory, int hosts, List<HostFilter> filters, UnaryOperator<ComputeEngineBuilder> settings) {
        PciRequest.Match nic = new PciRequest.Match(Optional.of("8086"), Optional.of("1572"), PciType.PCI);
        PciAlias alias = new PciAlias("nic", List.of(nic), PciNumaPolicy.LEGACY);
        return SimEngine.open(
                directory,
                hosts,
                filters,
                builder -> settings.apply(builder.pciAlias(alias)),
                n -> host("h" + n, DEDICATED),
                Map.of("hw:cpu_policy", "dedicated"));
    }

    static HostSpec host(String name, Set<Integer> dedicated) {
        return HostSpec.builder(name)
                .driver("sim")
                .connection("sim://" + name + "?" + SIZE + "&numa-cells=2&threads=2&huge-pages=256")
                .property("pci-devices", DEVICES)
                .dedicatedCpus(dedicated)
                .build();
    }

    /** Adds a flavor of 512 MiB; the extra specs are key and value in turn. */
    static void flavor(SimEngine engine, String name, int vcpus, String... extraSpecs) {
        Flavor.Builder flavor = Flavor.builder(name)
                .vcpus(vcpus)
                .memory(MemorySize.mib(512))
                .disk(DiskSize.gib(1))
                .extraSpec("sim:working_set_mib", "2");
        for (int i = 0; i < extraSpecs.length; i += 2) {
            flavor.extraSpec(extraSpecs[i], extraSpecs[i + 1]);
        }
        engine.compute().flavors().create(flavor.build());
    }

    /** {@return what is claimed on hosts for guests of their own CPUs, pages and devices, by the claims' keys} */
    static Map<String, ClaimRow> claims(SimEngine engine) {
        Map<String, ClaimRow> claims = new HashMap<>();
        engine.change(state -> state.read(tx -> {
            for (Table.Entry<ClaimRow> entry : state.claims().find(tx, ClaimRow.PLACED, ClaimRow.YES)) {
                claims.put(entry.value().key(), entry.value());
            }
            return null;
        }));
        return claims;
    }

    static Optional<GuestPlacement> placement(SimEngine engine, InstanceId id, int host) {
        return Optional.ofNullable(claims(engine).get(ClaimRow.keyOnHost("instance:" + id, HostId.of("h" + host))))
                .flatMap(ClaimRow::placement);
    }

    /** {@return CPUs and devices that two claims hold on one host} */
    static List<String> doubled(SimEngine engine) {
        Map<String, String> holders = new HashMap<>();
        List<String> doubled = new ArrayList<>();
        claims(engine).forEach((key, claim) -> {
            Set<String> parts = new TreeSet<>(claim.placement().orElseThrow().devices());
            claim.placement()
                    .orElseThrow()
                    .cells()
                    .forEach(cell -> cell.taken().forEach(cpu -> parts.add("CPU " + cpu)));
            for (String part : parts) {
                String other = holders.put(claim.host() + " " + part, key);
                if (other != null) {
                    doubled.add(claim.host() + " " + part + " of " + key + " and " + other);
                }
            }
        });
        return doubled;
    }

    /** Each guest is where its claim says, and no host was ever asked for what it could not give. */
    static void requireAgreement(SimEngine engine) {
        assertEquals(List.of(), doubled(engine));
        Map<String, ClaimRow> claims = claims(engine);
        for (String name : engine.fleet().hosts()) {
            assertEquals(0, engine.fleet().host(name).layoutRefusals(), name + " refused a layout");
            engine.compute().instances().list().stream()
                    .filter(instance -> instance.host().equals(Optional.of(HostId.of(name))))
                    .forEach(instance -> {
                        GuestLayout layout = engine.fleet().host(name).layouts().get(instance.id());
                        ClaimRow claim = claims.get(ClaimRow.keyOnHost("instance:" + instance.id(), HostId.of(name)));
                        if (layout != null && claim != null) {
                            requireAgreement(instance, claim.placement().orElseThrow(), layout);
                        }
                    });
        }
    }

    /** Of what failed half way it is not known which of two placements it has: it holds both. */
    private static void requireAgreement(Instance instance, GuestPlacement placement, GuestLayout layout) {
        boolean isUnknown = placement.cells().size() != layout.cells().size()
                || placement.devices().size() != layout.devices().size();
        if (isUnknown) {
            Set<Integer> taken = new TreeSet<>();
            placement.cells().forEach(cell -> taken.addAll(cell.taken()));
            assertTrue(taken.containsAll(pins(layout).values()), instance.toString());
            assertTrue(placement.devices().containsAll(layout.devices()), instance.toString());
            return;
        }
        assertEquals(pins(placement), pins(layout), instance.toString());
        assertEquals(placement.devices(), layout.devices(), instance.toString());
    }

    static Map<Integer, Integer> pins(GuestPlacement placement) {
        Map<Integer, Integer> pins = new HashMap<>();
        placement.cells().forEach(cell -> pins.putAll(cell.pins()));
        return pins;
    }

    static Map<Integer, Integer> pins(GuestLayout layout) {
        return layout.vcpuCpus().entrySet().stream()
                .filter(entry -> entry.getValue().size() == 1)
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().first()));
    }
}
