package io.gantry.core;

import static io.gantry.core.PinnedHosts.SHARED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.audit.Finding;
import io.gantry.core.state.ClaimRow;
import io.gantry.error.InvalidRequest;
import io.gantry.error.Unsupported;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.InstanceSpec;
import io.gantry.migration.LiveMigrationSpec;
import io.gantry.placement.Inventory;
import io.gantry.placement.NoValidHost;
import io.gantry.placement.Provider;
import io.gantry.placement.ProviderId;
import io.gantry.placement.ResourceClass;
import io.gantry.topology.GuestLayout;
import io.gantry.topology.HostTopology;
import io.gantry.topology.PciAlias;
import io.gantry.topology.PciNumaPolicy;
import io.gantry.topology.PciRequest;
import io.gantry.topology.PciType;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Guests with CPUs, pages and devices of their own, from their claims to what their hosts are told. */
final class PinnedGuestsTest extends PinnedTestBase {
    @Test
    void dedicatedCpusAreCountedApart() {
        Provider host = engine.compute().providers().get(ProviderId.of("h1"));

        assertEquals(Inventory.of(8).withAllocationRatio(4), host.inventories().get(ResourceClass.VCPU));
        assertEquals(Inventory.of(8), host.inventories().get(ResourceClass.PCPU));
        assertEquals(
                PinnedHosts.DEDICATED,
                engine.compute()
                        .hosts()
                        .get(HostId.of("h1"))
                        .inventory()
                        .topology()
                        .dedicatedCpus());
    }

    @Test
    void aHostWithoutSuchCpusIsNotRegistered() {
        InvalidRequest refusal = assertThrows(
                InvalidRequest.class, () -> engine.compute().hosts().register(PinnedHosts.host("h3", Set.of(3, 16))));

        assertEquals("host.dedicatedCpus", refusal.field());
        assertTrue(refusal.getMessage().contains("[16]"), refusal.getMessage());
        assertEquals(2, engine.compute().hosts().list().size());
        assertEquals(2, engine.compute().providers().list().size());
    }

    @Test
    void aPinnedGuestHasItsCpusAndIsChargedForThem() {
        Instance web = create("pinned4", 1);

        GuestLayout layout = layout(web, 1);
        assertEquals(PinnedHosts.pins(placement(web, 1)), PinnedHosts.pins(layout));
        assertEquals(4, new HashSet<>(PinnedHosts.pins(layout).values()).size());
        assertTrue(PinnedHosts.DEDICATED.containsAll(taken(1)), taken(1).toString());
        assertEquals(4, used(1, ResourceClass.PCPU));
        assertEquals(0, used(1, ResourceClass.VCPU));

        engine.compute().instances().delete(web.id()).await(SimEngine.PATIENCE);
        assertEquals(Set.of(), taken(1));
        assertEquals(0, used(1, ResourceClass.PCPU));
    }

    @Test
    void guestsWithoutTopologyAreKeptOffDedicatedCpus() {
        assertEquals(SHARED, layout(create("plain", 1), 1).cpus());
        engine.compute().hosts().register(PinnedHosts.host("h3", Set.of()));
        assertEquals(GuestLayout.ANYWHERE, layout(create("plain", 3), 3));
    }

    @Test
    void aMixedGuestIsChargedForBothAndForItsEmulator() {
        PinnedHosts.flavor(
                engine,
                "mixed",
                3,
                "hw:cpu_policy",
                "mixed",
                "hw:cpu_dedicated_mask",
                "0",
                "hw:emulator_threads_policy",
                "isolate");
        Instance web = create("mixed", 1);

        assertEquals(2, used(1, ResourceClass.PCPU));
        assertEquals(2, used(1, ResourceClass.VCPU));
        assertEquals(Set.of(0), PinnedHosts.pins(layout(web, 1)).keySet());
        assertEquals(1, layout(web, 1).cpus().size());
        assertEquals(2, taken(1).size());
    }

    @Test
    void resourcesInTheFlavorGoBeforeWhatThePolicyAsksFor() {
        PinnedHosts.flavor(
                engine, "custom", 2, "hw:cpu_policy", "dedicated", "resources:PCPU", "3", "resources:VCPU", "1");
        create("custom", 1);

        assertEquals(3, used(1, ResourceClass.PCPU));
        assertEquals(1, used(1, ResourceClass.VCPU));
    }

    @Test
    void whoFindsNoCpusIsToldHowManyThereAre() {
        create("pinned4", 1);
        create(SimEngine.FLAVOR, 1);
        NoValidHost none = SimEngine.failure(
                NoValidHost.class,
                engine.compute()
                        .instances()
                        .create(spec("pinned4").host(HostId.of("h1")).build()));

        String why = none.report().toString();
        assertTrue(why.contains("DEDICATED_CPUS") && why.contains("3 on cell"), why);
        assertEquals(5, taken(1).size());
    }

    @Test
    void severalAtOnceAreAllPlacedOrNone() {
        InstanceSpec spec = spec("pinned4").build();
        engine.compute().instances().create(spec, 4, 4, NONE).forEach(one -> one.await(SimEngine.PATIENCE));
        assertEquals(8, taken(1).size());
        assertEquals(8, taken(2).size());

        assertThrows(
                NoValidHost.class,
                () -> engine.compute().instances().create(spec(SimEngine.FLAVOR).build(), 2, 2, NONE));
        assertEquals(4, engine.compute().instances().list().size());
    }

    @Test
    void aForcedHostIsAskedForCpusAllTheSame() {
        create("pinned4", 1);
        create("pinned4", 1);
        NoValidHost none = SimEngine.failure(
                NoValidHost.class,
                engine.compute()
                        .instances()
                        .create(spec("pinned4").forcedHost(HostId.of("h1")).build()));
        assertTrue(
                none.report().toString().contains("DEDICATED_CPUS"),
                none.report().toString());
    }

    @Test
    void hugePagesAreClaimed() {
        PinnedHosts.flavor(engine, "huge", 1, "hw:mem_page_size", "2MB");
        Instance web = create("huge", 1);
        create("huge", 1);

        assertEquals(2048, layout(web, 1).cells().get(0).pageKib());
        NoValidHost none = SimEngine.failure(
                NoValidHost.class,
                engine.compute()
                        .instances()
                        .create(spec("huge").host(HostId.of("h1")).build()));
        assertTrue(
                none.report().toString().contains("CELL_MEMORY"), none.report().toString());
    }

    @Test
    void aDeviceIsOneGuestsOnlyAndStaysOnItsHost() {
        Instance web = create("nic", 1);
        Set<String> addresses = new HashSet<>(layout(web, 1).devices());
        addresses.addAll(layout(create("nic", 1), 1).devices());
        addresses.addAll(layout(create("nic", 1), 1).devices());
        assertEquals(3, addresses.size());
        NoValidHost none = SimEngine.failure(
                NoValidHost.class,
                engine.compute()
                        .instances()
                        .create(spec("nic").host(HostId.of("h1")).build()));
        assertTrue(
                none.report().toString().contains("PCI_DEVICES"), none.report().toString());

        Unsupported refusal = SimEngine.failure(
                Unsupported.class,
                engine.compute()
                        .migrations()
                        .live(web.id(), LiveMigrationSpec.builder().build()));
        assertTrue(refusal.getMessage().contains("PCI devices"), refusal.getMessage());
        engine.compute().migrations().cold(web.id(), Optional.empty(), NONE).await(SimEngine.PATIENCE);
        engine.compute().instances().confirmResize(web.id()).await(SimEngine.PATIENCE);
        assertEquals(1, layout(web, 2).devices().size());
    }

    @Test
    void devicesThatAreFreeCountAgainstAHost() {
        engine.compute().hosts().register(SimEngine.host("h0", "vcpus=8&memory-mib=8192&disk-gib=200"));
        String host = engine.compute().instances().explain(spec("plain").build()).hosts().stream()
                .filter(report -> report.scores().stream()
                        .anyMatch(score -> score.weigher().equals("PciWeigher") && score.raw() == 0))
                .map(report -> report.host().value())
                .collect(Collectors.joining());
        assertEquals("h0", host);
    }

    @Test
    void anAliasThatIsGoneIsRefusedBeforeAnythingChanges() {
        engine.keepFlavor(Flavor.builder("gpu")
                .memory(MemorySize.mib(256))
                .disk(DiskSize.gib(1))
                .extraSpec("pci_passthrough:alias", "gpu:1")
                .build());
        Instance web = create("plain", 1);

        InvalidRequest create = assertThrows(
                InvalidRequest.class,
                () -> engine.compute().instances().create(spec("gpu").build()));
        InvalidRequest explain = assertThrows(
                InvalidRequest.class,
                () -> engine.compute().instances().explain(spec("gpu").build()));
        InvalidRequest resize = assertThrows(
                InvalidRequest.class, () -> engine.compute().instances().resize(web.id(), "gpu"));

        for (InvalidRequest refusal : List.of(create, explain, resize)) {
            assertEquals("pci_passthrough:alias", refusal.field());
            assertTrue(refusal.remediation().contains("nic"), refusal.remediation());
        }
        assertEquals(1, engine.compute().instances().list().size());
        assertEquals(Optional.empty(), engine.get(web).task());
    }

    @Test
    void anAliasOfTheSameNameIsForTheDevicesOfBothAndOfOnePolicy() {
        var builder = ComputeEngine.builder();
        var match = new PciRequest.Match(Optional.of("8086"), Optional.empty(), PciType.VF);
        builder.pciAlias(new PciAlias("nic", List.of(match), PciNumaPolicy.LEGACY));
        InvalidRequest refusal = assertThrows(
                InvalidRequest.class,
                () -> builder.pciAlias(new PciAlias("nic", List.of(match), PciNumaPolicy.REQUIRED)));
        assertEquals("pciAlias", refusal.field());
    }

    @Test
    void aHostThatLosesCpusAndDevicesKeepsItsGuestsAndIsReported() {
        Instance web = create("pinned4", 1);
        Instance nic = create("nic", 1);
        HostTopology whole =
                engine.compute().hosts().get(HostId.of("h1")).inventory().topology();
        HostTopology less = new HostTopology(
                List.of(whole.cells().get(1 - placement(web, 1).cells().get(0).hostCell())), List.of());
        engine.host(1).topology(less);
        engine.compute().hosts().list();
        SimEngine.await("the loss is seen", () -> {
            relook();
            return engine.compute()
                            .hosts()
                            .get(HostId.of("h1"))
                            .inventory()
                            .topology()
                            .cells()
                            .size()
                    == 1;
        });

        List<Finding> findings = engine.compute().audit().findings();
        assertEquals(2, findings.size(), findings.toString());
        assertTrue(findings.stream().allMatch(finding -> finding.kind() == Finding.Kind.TOPOLOGY_GONE));
        assertEquals(
                Inventory.of(4),
                engine.compute()
                        .providers()
                        .get(ProviderId.of("h1"))
                        .inventories()
                        .get(ResourceClass.PCPU));
        // Who has what is gone keeps the count; who asks anew is told, or goes to the other host.
        Instance other =
                engine.compute().instances().create(spec("pinned4").build()).await(SimEngine.PATIENCE);
        assertEquals(Optional.of(HostId.of("h2")), other.host());
        for (Instance left : List.of(web, nic)) {
            engine.compute().instances().delete(left.id()).await(SimEngine.PATIENCE);
        }
        assertEquals(List.of(), engine.compute().audit().findings());
        create("pinned4", 1);
    }

    /** Has the engine look at its hosts, as it does when one comes back. */
    private void relook() {
        engine.host(1).disconnect();
        engine.host(1).reconnect();
    }

    @Test
    void twoClaimsOnOneCpuAreReported() {
        Instance one = create(SimEngine.FLAVOR, 1);
        Instance other = create(SimEngine.FLAVOR, 2);
        engine.change(state -> state.change(tx -> {
            var claim = state.claims().get(tx, "instance:" + one.id() + "@h1").orElseThrow();
            var twin = new ClaimRow(
                    "instance:" + other.id(),
                    HostId.of("h1"),
                    "h1",
                    Map.of(),
                    Optional.empty(),
                    claim.value().placement());
            state.claims().insert(tx, twin);
        }));
        List<Finding.Kind> kinds =
                engine.compute().audit().findings().stream().map(Finding::kind).toList();
        assertTrue(kinds.contains(Finding.Kind.TOPOLOGY_DOUBLED), kinds.toString());
        // Nobody is kept from claiming what is left.
        create("pinned4", 1);
        engine.change(state -> state.change(tx -> state.claims().remove(tx, "instance:" + other.id() + "@h1")));
    }

    @Test
    void aRestartedEngineKnowsTheDedicatedCpus() {
        InstanceId web = create("pinned4", 1).id();
        engine.leave();
        SimEngine second = engine.another(builder -> builder);
        try {
            Instance plain = second.createdOn(1, "plain");
            assertEquals(
                    5,
                    PinnedHosts.claims(second).values().stream()
                            .filter(claim -> claim.host().equals(HostId.of("h1")))
                            .mapToInt(claim -> claim.pcpus())
                            .sum());
            GuestLayout layout = Optional.ofNullable(second.host(1).layouts().get(plain.id()))
                    .orElseThrow();
            assertEquals(1, layout.vcpuCpus().size());
            second.compute().instances().delete(web).await(SimEngine.PATIENCE);
        } finally {
            second.leave();
        }
    }
}
