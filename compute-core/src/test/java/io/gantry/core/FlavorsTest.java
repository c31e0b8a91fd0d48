package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.Compute;
import io.gantry.error.Conflict;
import io.gantry.error.Forbidden;
import io.gantry.error.InvalidRequest;
import io.gantry.error.NotFound;
import io.gantry.flavor.Flavor;
import io.gantry.flavor.FlavorAccess;
import io.gantry.flavor.Flavors;
import io.gantry.identity.Caller;
import io.gantry.identity.ProjectId;
import io.gantry.identity.Role;
import io.gantry.identity.UserId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceSpec;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Flavors: what they may say, who may use them, and that instances keep what they have. */
final class FlavorsTest extends VerbTestBase {
    private static final ProjectId RED = ProjectId.of("red");
    private static final ProjectId BLUE = ProjectId.of("blue");
    private static final String GOLD = "gold";

    private Flavors flavors() {
        return engine.compute().flavors();
    }

    private Compute as(ProjectId project) {
        return engine.compute().as(new Caller(project, UserId.of("ann"), Role.MEMBER));
    }

    private static Flavor.Builder gold() {
        return Flavor.builder(GOLD).vcpus(4).memory(MemorySize.mib(128)).disk(DiskSize.gib(1));
    }

    private InstanceSpec spec(String flavor) {
        return engine.spec("web").flavor(flavor).build();
    }

    private static List<String> names(Flavors flavors) {
        return flavors.list().stream().map(Flavor::name).toList();
    }

    @Test
    void instancesKeepTheirFlavorWhenItIsUpdatedOrDeleted() {
        flavors().create(gold().build());
        Instance web = await(instances().create(spec(GOLD)));

        Flavor larger = gold().memory(MemorySize.mib(256)).build();
        assertEquals(larger, flavors().update(larger));

        assertEquals(larger, flavors().get(GOLD));
        assertEquals(gold().build(), get(web.id()).flavor());
        assertEquals(larger, await(instances().create(spec(GOLD))).flavor());
        flavors().delete(GOLD);
        assertEquals(gold().build(), get(web.id()).flavor());
        await(engine.compute().migrations().cold(web.id(), Optional.empty(), NO_OPTIONS));
    }

    @Test
    void namesAreUniqueAndOnlyWhatIsThereIsUpdated() {
        flavors().create(gold().build());

        refused(Conflict.class, () -> flavors().create(gold().vcpus(1).build()), "gold exists already");
        refused(NotFound.class, () -> flavors().update(Flavor.builder("silver").build()), "silver");

        assertEquals(gold().build(), flavors().get(GOLD));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hw:cpu_policy | dedicated",
                "hw:cpu_policy | mixed",
                "hw:cpu_thread_policy | isolate",
                "hw:emulator_threads_policy | share",
                "hw:cpu_dedicated_mask | ^0",
                "hw:cpu_realtime | yes",
                "hw:cpu_realtime_mask | 1-3",
                "hw:mem_page_size | 2MB",
                "hw:numa_nodes | 4",
                "hw:numa_cpus.15 | 0,2-3",
                "hw:numa_mem.0 | 64",
                "hw:pci_numa_affinity_policy | socket",
                "resources:CUSTOM_GPU | 1",
                "resources_NET:CUSTOM_NIC | 0",
                "trait:CUSTOM_SSD | forbidden",
                "group_policy | isolate",
                "capabilities:vcpus_total | >= x",
                "sim:anything | at all",
                "color | red"
            })
    void whatCanBeReadAndWhatIsForOthersIsTaken(String key, String value) {
        Flavor flavor = gold().extraSpec(key, value).build();

        assertEquals(flavor, flavors().create(flavor));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hw:cpu_polcy | dedicated | is not known",
                "hw:mem_encryption | true | is not known",
                "hw:cpu_policy | exclusive | shared, dedicated, mixed",
                "hw:cpu_thread_policy | never | prefer, isolate, require",
                "hw:emulator_threads_policy | on | share, isolate",
                "hw:cpu_dedicated_mask | 4 | names vCPU 4",
                "hw:cpu_realtime | maybe | is no yes or no",
                "hw:cpu_realtime_mask | a | is no list of vCPUs",
                "hw:mem_page_size | huge | is no page size",
                "hw:numa_nodes | 5 | must be 1 to 4",
                "hw:numa_nodes | two | is no whole number",
                "hw:numa_cpus.16 | 0 | must be 0 to 15",
                "hw:numa_cpus.0 | 3-1 | ends before it begins",
                "hw:numa_mem.0 | 0 | must be 1 to",
                "hw:pci_numa_affinity_policy | near | is unknown",
                "resources:GPU | 1 | is no resource class",
                "resources:CUSTOM_GPU | -1 | is no whole number",
                "trait:ssd | required | is no trait",
                "trait1:CUSTOM_SSD | wanted | is neither",
                "group_policy | any | is no policy",
                "pci_passthrough:alias | gpu:1 | is no alias",
                "pci_passthrough:alias | gpu | has another form"
            })
    void whatCannotBeReadIsRefusedAndNothingIsKept(String key, String value, String reason) {
        flavors().create(gold().build());
        Flavor flavor = gold().extraSpec(key, value).build();

        InvalidRequest refused =
                assertThrows(InvalidRequest.class, () -> flavors().update(flavor));
        assertTrue(refused.field().endsWith(key), refused.field());
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
        assertEquals(gold().build(), flavors().get(GOLD));
        flavors().delete(GOLD);
        assertThrows(InvalidRequest.class, () -> flavors().create(flavor));
        assertThrows(NotFound.class, () -> flavors().get(GOLD));
    }

    @Test
    void aFlavorOfSomeProjectsIsThereForThemOnly() {
        flavors().create(gold().build());
        Instance small = await(as(BLUE).instances().create(engine.spec("small").build()));
        assertEquals(FlavorAccess.OPEN, flavors().access(GOLD));

        flavors().setAccess(GOLD, FlavorAccess.only(Set.of(RED)));

        assertEquals(FlavorAccess.only(Set.of(RED)), flavors().access(GOLD));
        assertEquals(gold().build(), as(RED).flavors().get(GOLD));
        assertTrue(names(as(RED).flavors()).contains(GOLD));
        await(as(RED).instances().create(spec(GOLD)));
        assertTrue(!names(as(BLUE).flavors()).contains(GOLD));
        assertThrows(NotFound.class, () -> as(BLUE).flavors().get(GOLD));
        assertThrows(NotFound.class, () -> as(BLUE).instances().create(spec(GOLD)));
        assertThrows(NotFound.class, () -> as(BLUE).instances().create(spec(GOLD), 1, 2, NO_OPTIONS));
        assertThrows(NotFound.class, () -> as(BLUE).instances().resize(small.id(), GOLD));
        assertTrue(names(flavors()).contains(GOLD));
        await(instances().create(spec(GOLD)));

        flavors().setAccess(GOLD, FlavorAccess.only(Set.of(RED, BLUE)));
        await(as(BLUE).instances().create(spec(GOLD)));
    }

    @Test
    void aDisabledFlavorIsKeptByThoseWhoHaveItAndGivenToNobody() {
        flavors().create(gold().build());
        Instance web = await(instances().create(spec(GOLD)));
        Instance small = running("small");

        flavors().setAccess(GOLD, FlavorAccess.OPEN.disable());

        refused(InvalidRequest.class, () -> instances().create(spec(GOLD)), "instance.flavor 'gold' is disabled");
        refused(InvalidRequest.class, () -> instances().resize(small.id(), GOLD), "resize.flavor 'gold' is disabled");
        assertTrue(!names(as(RED).flavors()).contains(GOLD));
        assertEquals(gold().build(), as(RED).flavors().get(GOLD));
        assertTrue(names(flavors()).contains(GOLD));
        await(engine.compute().migrations().cold(web.id(), Optional.empty(), NO_OPTIONS));
        await(instances().confirmResize(web.id()));
        await(instances().resize(web.id(), LARGE));

        flavors().setAccess(GOLD, flavors().access(GOLD).enable());
        await(instances().create(spec(GOLD)));
    }

    @Test
    void aFlavorThatIsMadeAnewIsForAll() {
        flavors().create(gold().build());
        flavors().setAccess(GOLD, FlavorAccess.only(Set.of()).disable());
        flavors().update(gold().vcpus(1).build());
        assertEquals(FlavorAccess.only(Set.of()).disable(), flavors().access(GOLD));

        flavors().delete(GOLD);
        assertThrows(NotFound.class, () -> flavors().access(GOLD));
        assertThrows(NotFound.class, () -> flavors().setAccess(GOLD, FlavorAccess.OPEN));
        flavors().create(gold().build());

        assertEquals(FlavorAccess.OPEN, flavors().access(GOLD));
    }

    @Test
    void tenantsChangeNothing() {
        flavors().create(gold().build());

        assertThrows(
                Forbidden.class, () -> as(RED).flavors().update(gold().vcpus(1).build()));
        assertThrows(Forbidden.class, () -> as(RED).flavors().access(GOLD));
        assertThrows(Forbidden.class, () -> as(RED).flavors().setAccess(GOLD, FlavorAccess.OPEN.disable()));
        assertThrows(Forbidden.class, () -> as(RED).flavors().delete(GOLD));

        assertEquals(gold().build(), flavors().get(GOLD));
        assertEquals(FlavorAccess.OPEN, flavors().access(GOLD));
    }
}
