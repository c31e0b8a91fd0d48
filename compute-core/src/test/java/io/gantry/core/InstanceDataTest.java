package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.Compute;
import io.gantry.error.Forbidden;
import io.gantry.error.InvalidRequest;
import io.gantry.error.NotFound;
import io.gantry.flavor.Flavor;
import io.gantry.identity.Caller;
import io.gantry.identity.ProjectId;
import io.gantry.identity.Role;
import io.gantry.identity.UserId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceAction;
import io.gantry.instance.InstanceLocked;
import io.gantry.instance.InstanceSpec;
import io.gantry.instance.InstanceUpdate;
import io.gantry.instance.VmState;
import io.gantry.keypair.KeyAlgorithm;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import io.gantry.placement.NoValidHost;
import io.gantry.quota.QuotaExceeded;
import io.gantry.quota.QuotaResource;
import io.gantry.unit.MemorySize;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is recorded of instances, who may see and change it, and what is kept of what was done. */
final class InstanceDataTest extends VerbTestBase {
    private Compute as(String project, String user, Role role) {
        return engine.compute().as(new Caller(ProjectId.of(project), UserId.of(user), role));
    }

    private Instance createdBy(Compute compute, String name) {
        return await(compute.instances().create(engine.spec(name).build()));
    }

    @Test
    void tenantsSeeOnlyTheirOwnAndNothingOfHosts() {
        Compute ann = as("acme", "ann", Role.MEMBER);
        Compute eve = as("evil", "eve", Role.MEMBER);
        Instance instance = createdBy(ann, "web");

        assertTrue(get(instance.id()).host().isPresent(), "it is on a host");
        assertTrue(instance.host().isEmpty(), "which the operation does not tell ann");
        assertTrue(ann.instances().get(instance.id()).host().isEmpty());
        assertTrue(eve.instances().list().isEmpty());
        assertThrows(NotFound.class, () -> eve.instances().get(instance.id()));
        assertThrows(NotFound.class, () -> eve.instances().delete(instance.id()));
        assertThrows(NotFound.class, () -> eve.instances().actions(instance.id()));
        assertThrows(Forbidden.class, () -> ann.hosts().list());
        assertThrows(Forbidden.class, () -> ann.instances().placement(instance.id()));
        assertThrows(Forbidden.class, ann::audit);
        assertThrows(
                Forbidden.class,
                () -> ann.instances().create(engine.spec("there").host(h(1)).build()));
    }

    @Test
    void aReaderReadsAndAMemberActs() {
        Instance instance = createdBy(as("acme", "ann", Role.MEMBER), "web");
        Compute reader = as("acme", "rob", Role.READER);

        assertEquals("web", reader.instances().get(instance.id()).name());
        assertThrows(Forbidden.class, () -> reader.instances().stop(instance.id()));
        assertThrows(Forbidden.class, () -> reader.instances().setTags(instance.id(), Set.of("a")));
    }

    @Test
    void aLockBindsOthersUntilItsOwnerOrAManagerLiftsIt() {
        Compute ann = as("acme", "ann", Role.MEMBER);
        Compute bob = as("acme", "bob", Role.MEMBER);
        Compute max = as("acme", "max", Role.MANAGER);
        Instance instance = createdBy(ann, "web");

        assertEquals(
                "in use",
                ann.instances()
                        .lock(instance.id(), "in use")
                        .lock()
                        .orElseThrow()
                        .reason()
                        .orElseThrow());
        assertThrows(InstanceLocked.class, () -> bob.instances().pause(instance.id()));
        assertThrows(InstanceLocked.class, () -> bob.instances().delete(instance.id()));
        assertThrows(InstanceLocked.class, () -> bob.instances().unlock(instance.id()));
        bob.instances().setTags(instance.id(), Set.of("tags", "are", "free"));
        await(ann.instances().pause(instance.id()));
        await(max.instances().unpause(instance.id()));
        assertTrue(max.instances().unlock(instance.id()).lock().isEmpty());
        await(bob.instances().pause(instance.id()));
    }

    @Test
    void anAdministratorsLockBindsEvenTheOwner() {
        Compute ann = as("acme", "ann", Role.MEMBER);
        Instance instance = createdBy(ann, "web");

        engine.compute().instances().lock(instance.id(), "evidence");

        assertThrows(InstanceLocked.class, () -> ann.instances().delete(instance.id()));
        engine.compute().instances().unlock(instance.id());
    }

    @Test
    void metadataTagsAndNamesChangeAtOnceWithinTheirLimits() {
        Instance instance = running("web");

        instances().setMetadata(instance.id(), Map.of("a", "1", "b", "2"));
        instances().setMetadata(instance.id(), Map.of("b", "3"));
        assertEquals(
                Map.of("b", "3"),
                instances().removeMetadata(instance.id(), Set.of("a", "absent")).metadata());
        assertEquals(
                Set.of("x"), instances().setTags(instance.id(), Set.of("x")).tags());
        Instance renamed = instances()
                .update(
                        instance.id(),
                        InstanceUpdate.builder()
                                .name("db 1")
                                .description("the database")
                                .hostname("db-1")
                                .build());
        assertEquals("db 1", renamed.name());
        assertEquals("the database", renamed.description().orElseThrow());
        assertEquals("db-1", renamed.hostname());

        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 128; i++) {
            many.put("k" + i, "v");
        }
        assertThrows(QuotaExceeded.class, () -> instances().setMetadata(instance.id(), many));
        assertEquals(Map.of("b", "3"), get(instance.id()).metadata());
        assertThrows(InvalidRequest.class, () -> instances().setTags(instance.id(), Set.of("a,b")));
        assertThrows(
                InvalidRequest.class,
                () -> InstanceUpdate.builder().hostname("Not A Host").build());
    }

    @Test
    void aHostnameIsDerivedFromTheNameWhereNoneIsSet() {
        assertEquals("web-1-eu", running("Web 1_EU").hostname());
        assertTrue(running("\u0441\u0435\u0440\u0432\u0435\u0440").hostname().startsWith("server-"));
    }

    @Test
    void whatWasDoneIsKeptWithItsStepsAndItsCaller() {
        Compute ann = as("acme", "ann", Role.MEMBER);
        Instance instance = createdBy(ann, "web");
        await(ann.instances().pause(instance.id(), RequestOptions.none().withRequestId("req-1")));
        ann.instances().setTags(instance.id(), Set.of("x"));

        List<InstanceAction> actions = instances().actions(instance.id());

        assertEquals(
                List.of("tag", "pause", "create"),
                actions.stream().map(InstanceAction::verb).toList());
        InstanceAction pause = actions.get(1);
        assertEquals("req-1", pause.requestId());
        assertEquals(UserId.of("ann"), pause.user());
        assertEquals("SUCCEEDED", pause.result().orElseThrow());
        assertEquals(
                List.of("schedule", "cache-image", "create-guest", "start-guest"),
                actions.get(2).steps().stream()
                        .map(InstanceAction.ActionStep::name)
                        .toList());
        assertTrue(actions.get(2).steps().stream()
                .allMatch(step -> step.finishedAt().isPresent()));
        assertTrue(ann.instances().actions(instance.id()).get(2).steps().isEmpty());
        await(ann.instances().delete(instance.id()));
        assertEquals(4, ann.instances().actions(instance.id()).size());
    }

    @Test
    void severalInstancesAreCreatedTogetherOrNotAtAll() {
        List<Operation<Instance>> three = instances().create(engine.spec("web").build(), 1, 3, NO_OPTIONS);
        assertEquals(
                List.of("web-1", "web-2", "web-3"),
                three.stream().map(this::await).map(Instance::name).toList());

        InstanceSpec large =
                InstanceSpec.builder("big").flavor("huge").image(engine.image()).build();
        engine.compute()
                .flavors()
                .create(Flavor.builder("huge")
                        .vcpus(30)
                        .memory(MemorySize.mib(256))
                        .build());
        assertThrows(NoValidHost.class, () -> instances().create(large, 4, 4, NO_OPTIONS));
        assertEquals(3, instances().list().size());
        assertEquals(3, engine.rows("claim"));
        assertEquals(VmState.ACTIVE, get(instances().list().get(0).id()).state());
    }

    @Test
    void anInstanceKeepsThePublicKeyOfAKeyPairThatIsDeletedLater() {
        Compute ann = as("acme", "ann", Role.MEMBER);
        ann.keyPairs().generate("laptop", KeyAlgorithm.ED25519);
        Instance instance = await(ann.instances()
                .create(engine.spec("web")
                        .keyName("laptop")
                        .userData(new byte[] {1, 2})
                        .build()));
        ann.keyPairs().delete("laptop");

        assertEquals("laptop", ann.instances().get(instance.id()).keyName().orElseThrow());
        assertThrows(
                NotFound.class,
                () -> ann.instances()
                        .create(engine.spec("other").keyName("laptop").build()));
    }

    @Test
    void resetStateTouchesNoGuest() {
        Instance instance = running("web");

        assertEquals(
                VmState.ERROR,
                instances().resetState(instance.id(), VmState.ERROR).state());
        assertEquals(
                VmState.ACTIVE,
                instances().resetState(instance.id(), VmState.ACTIVE).state());
        assertThrows(InvalidRequest.class, () -> instances().resetState(instance.id(), VmState.PAUSED));
        assertThrows(
                Forbidden.class,
                () -> as("default", "joe", Role.MANAGER).instances().resetState(instance.id(), VmState.ERROR));
    }

    @Test
    void metadataItemsAreLimitedPerInstance() {
        Instance instance = engine.created("web");
        engine.compute().quotas().setDefaults(Map.of(QuotaResource.METADATA_ITEMS, 2L));

        instances().setMetadata(instance.id(), Map.of("a", "1", "b", "2"));
        QuotaExceeded added =
                assertThrows(QuotaExceeded.class, () -> instances().setMetadata(instance.id(), Map.of("c", "3")));
        QuotaExceeded created = assertThrows(
                QuotaExceeded.class,
                () -> instances()
                        .create(engine.spec("db")
                                .metadata("a", "1")
                                .metadata("b", "2")
                                .metadata("c", "3")
                                .build()));

        assertEquals(3, added.asked());
        assertEquals(2, created.limit());
        assertEquals(Map.of("a", "1", "b", "2"), engine.get(instance).metadata());
        assertEquals(1, instances().list().size());
    }
}
