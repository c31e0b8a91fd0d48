package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.InvalidRequest;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.image.ImageId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceSpec;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import io.gantry.placement.Inventory;
import io.gantry.placement.NoValidHost;
import io.gantry.placement.PlacementReport;
import io.gantry.placement.ProviderId;
import io.gantry.placement.ProviderSpec;
import io.gantry.placement.ResourceClass;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What flavors and images ask of resource providers holds in the choice of the host, in the claim and at every move. */
final class TraitsTest {
    private static final HostId H1 = HostId.of("h1");
    private static final HostId H2 = HostId.of("h2");
    private static final ResourceClass GPU = ResourceClass.of("CUSTOM_GPU");

    @TempDir
    Path directory;

    private SimEngine engine;

    @BeforeEach
    void open() {
        engine = SimEngine.open(directory, 2);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private Operation<Instance> create(Map<String, String> extraSpecs) {
        return engine.compute().instances().create(spec(extraSpecs));
    }

    private InstanceSpec spec(Map<String, String> extraSpecs) {
        String name = "f" + engine.compute().flavors().list().size();
        Flavor.Builder flavor = Flavor.builder(name).memory(MemorySize.mib(256)).disk(DiskSize.gib(1));
        extraSpecs.forEach(flavor::extraSpec);
        engine.compute().flavors().create(flavor.build());
        return engine.spec("web").flavor(name).build();
    }

    private void device(HostId host, String name, long gpus, String... traits) {
        ProviderId parent = ProviderId.of(host.value());
        engine.compute()
                .providers()
                .put(ProviderSpec.builder(ProviderId.of(host + ":" + name))
                        .parent(parent)
                        .traits(traits)
                        .inventory(GPU, Inventory.of(gpus))
                        .build());
    }

    private long used(HostId host, String device) {
        return engine.compute()
                .providers()
                .get(ProviderId.of(host + ":" + device))
                .used()
                .getOrDefault(GPU, 0L);
    }

    @Test
    void aRequiredTraitLeadsToTheHostThatHasItAndKeepsItThere() {
        engine.compute().providers().setTraits(ProviderId.of("h2"), Set.of("CUSTOM_SSD"));

        Instance web = create(Map.of("trait:CUSTOM_SSD", "required")).await(SimEngine.PATIENCE);

        assertEquals(Optional.of(H2), web.host());
        NoValidHost refused = SimEngine.failure(
                NoValidHost.class,
                engine.compute().migrations().cold(web.id(), Optional.of(H1), RequestOptions.none()));
        assertTrue(refused.getMessage().contains("TRAIT_MISSING: needs CUSTOM_SSD"), refused.getMessage());
    }

    @Test
    void aForbiddenTraitKeepsOffTheHostThatHasIt() {
        engine.compute().providers().setTraits(ProviderId.of("h1"), Set.of("CUSTOM_OLD"));

        assertEquals(
                Optional.of(H2),
                create(Map.of("trait:CUSTOM_OLD", "forbidden"))
                        .await(SimEngine.PATIENCE)
                        .host());
    }

    @Test
    void anImageThatRequiresWhatTheFlavorForbidsIsRefusedBeforeAnythingIsMade() {
        ImageId image = engine.image(Map.of("trait:CUSTOM_SSD", "required"));
        InstanceSpec spec = spec(Map.of("trait:CUSTOM_SSD", "forbidden"));
        InstanceSpec both =
                InstanceSpec.builder("web").flavor(spec.flavor()).image(image).build();

        InvalidRequest refused = assertThrows(
                InvalidRequest.class, () -> engine.compute().instances().create(both));

        assertEquals("image.properties.trait:CUSTOM_SSD", refused.field());
        assertEquals(0, engine.rows("instance"));
        assertEquals(0, engine.claimedInstances(1));
    }

    @Test
    void malformedExtraSpecsAreRefusedBeforeAnythingIsMade() {
        InvalidRequest refused =
                assertThrows(InvalidRequest.class, () -> create(Map.of("resources:CUSTOM_GPU", "some")));

        assertEquals("flavor.extraSpecs.resources:CUSTOM_GPU", refused.field());
        assertEquals(0, engine.rows("instance"));
    }

    @Test
    void amountsOfTheFlavorAreOverriddenInTheChoiceAndInTheClaim() {
        Instance web = create(Map.of("resources:VCPU", "0", "resources:MEMORY_MB", "16384", "resources:DISK_GB", "2"))
                .await(SimEngine.PATIENCE);

        var usage = engine.compute().hosts().get(web.host().orElseThrow()).usage();
        assertEquals(0, usage.vcpus());
        assertEquals(MemorySize.gib(16), usage.memory());
        assertEquals(DiskSize.gib(2), usage.disk());
        assertEquals(256, web.flavor().memory().toMib());
    }

    @Test
    void amountsOfTheNewFlavorAreOverriddenAtAResizeToo() {
        Instance web = engine.createdOn(1, "web");
        String larger = spec(Map.of("resources:MEMORY_MB", "8192", "resources:VCPU", "0"))
                .flavor();

        engine.compute().instances().resize(web.id(), larger).await(SimEngine.PATIENCE);

        var usage = engine.compute().hosts().get(H2).usage();
        assertEquals(MemorySize.gib(8), usage.memory());
        assertEquals(0, usage.vcpus());
        assertEquals(256, engine.get(web).flavor().memory().toMib());
        engine.compute().instances().revertResize(web.id()).await(SimEngine.PATIENCE);
        assertEquals(MemorySize.ZERO, engine.compute().hosts().get(H2).usage().memory());
        assertEquals(
                MemorySize.mib(256), engine.compute().hosts().get(H1).usage().memory());
    }

    @Test
    void aResizeIsRefusedWhereTheAmountsDoNotFit() {
        Instance web = engine.createdOn(1, "web");
        String larger = spec(Map.of("resources:MEMORY_MB", "16385")).flavor();

        NoValidHost refused = SimEngine.failure(
                NoValidHost.class, engine.compute().instances().resize(web.id(), larger));

        assertTrue(refused.getMessage().contains("MEMORY_TOTAL"), refused.getMessage());
        assertEquals(1, engine.claimedInstances(1));
        assertEquals(
                MemorySize.mib(256), engine.compute().hosts().get(H1).usage().memory());
    }

    @Test
    void aCustomClassIsClaimedOfTheDeviceThatHasItUntilNoneIsLeft() {
        device(H2, "gpu", 1);
        Map<String, String> oneGpu = Map.of("resources:CUSTOM_GPU", "1");

        Instance first = create(oneGpu).await(SimEngine.PATIENCE);

        assertEquals(Optional.of(H2), first.host());
        assertEquals(1, used(H2, "gpu"));
        SimEngine.failure(NoValidHost.class, create(oneGpu));
        engine.compute().instances().delete(first.id()).await(SimEngine.PATIENCE);
        assertEquals(0, used(H2, "gpu"));
        create(oneGpu).await(SimEngine.PATIENCE);
    }

    @Test
    void aDryRunSaysOfEachHostWhatItsPartsLack() {
        device(H2, "gpu", 3);
        create(Map.of("resources:CUSTOM_GPU", "2")).await(SimEngine.PATIENCE);

        PlacementReport report = engine.compute().instances().explain(spec(Map.of("resources:CUSTOM_GPU", "2")));

        assertEquals(Optional.empty(), report.chosen());
        assertEquals(
                List.of(
                        "Providers CUSTOM_GPU: needs 2 CUSTOM_GPU, has 0 CUSTOM_GPU in one part of the host",
                        "Providers CUSTOM_GPU: needs 2 CUSTOM_GPU, has 1 CUSTOM_GPU in one part of the host"),
                report.hosts().stream()
                        .map(host -> host.rejection().orElseThrow())
                        .map(rejection -> rejection.filter() + " " + rejection.verdict())
                        .toList());
    }

    @Test
    void groupsThatAreIsolatedTakeADeviceEach() {
        device(H1, "gpu", 4, "CUSTOM_FAST");
        device(H2, "gpu-a", 4, "CUSTOM_FAST");
        device(H2, "gpu-b", 4);
        Map<String, String> specs = Map.of(
                "resources1:CUSTOM_GPU", "1",
                "trait1:CUSTOM_FAST", "required",
                "resources2:CUSTOM_GPU", "2",
                "group_policy", "isolate");

        assertEquals(Optional.of(H2), create(specs).await(SimEngine.PATIENCE).host());

        assertEquals(1, used(H2, "gpu-a"));
        assertEquals(2, used(H2, "gpu-b"));
    }

    @Test
    void groupsThatAreNotIsolatedMayShareADevice() {
        device(H1, "gpu", 4);

        create(Map.of("resources1:CUSTOM_GPU", "1", "resources2:CUSTOM_GPU", "2", "group_policy", "none"))
                .await(SimEngine.PATIENCE);

        assertEquals(3, used(H1, "gpu"));
    }

    @Test
    void whatIsAskedOutsideOfGroupsNeedsNoDeviceOfItsOwn() {
        device(H1, "gpu", 4);

        create(Map.of("resources:CUSTOM_GPU", "1", "resources1:CUSTOM_GPU", "2", "group_policy", "isolate"))
                .await(SimEngine.PATIENCE);

        assertEquals(3, used(H1, "gpu"));
    }

    @Test
    void aMoveClaimsTheDeviceOnTheOtherHost() {
        device(H1, "gpu", 1);
        Instance web = create(Map.of("resources:CUSTOM_GPU", "1")).await(SimEngine.PATIENCE);
        SimEngine.failure(
                NoValidHost.class,
                engine.compute().migrations().cold(web.id(), Optional.of(H2), RequestOptions.none()));
        device(H2, "gpu", 1);

        engine.compute()
                .migrations()
                .cold(web.id(), Optional.of(H2), RequestOptions.none())
                .await(SimEngine.PATIENCE);

        assertEquals(1, used(H2, "gpu"));
    }
}
