package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.Compute;
import io.gantry.core.aggregate.HostZones;
import io.gantry.core.placement.Ledger;
import io.gantry.core.placement.Need;
import io.gantry.driver.sim.SimCall;
import io.gantry.error.Forbidden;
import io.gantry.error.HypervisorError;
import io.gantry.error.IdempotencyConflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.NotFound;
import io.gantry.host.HostId;
import io.gantry.host.HostState;
import io.gantry.identity.Caller;
import io.gantry.identity.ProjectId;
import io.gantry.identity.Role;
import io.gantry.identity.UserId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.ServerGroupId;
import io.gantry.instance.UnshelveSpec;
import io.gantry.migration.EvacuationSpec;
import io.gantry.migration.LiveMigrationSpec;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import io.gantry.placement.NoValidHost;
import io.gantry.placement.PlacementReport;
import io.gantry.quota.QuotaExceeded;
import io.gantry.quota.QuotaResource;
import io.gantry.servergroup.ServerGroup;
import io.gantry.servergroup.ServerGroupPolicy;
import io.gantry.servergroup.ServerGroupSpec;
import io.gantry.spi.fence.FencingProof;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Server groups: who has them, who is in them, and that their policies hold for whatever places a member. */
final class ServerGroupsTest extends VerbTestBase {
    private Compute as(String project, Role role) {
        return engine.compute().as(new Caller(ProjectId.of(project), UserId.of("ann"), role));
    }

    private ServerGroupId group(ServerGroupPolicy policy) {
        return engine.compute()
                .serverGroups()
                .create(ServerGroupSpec.builder("web", policy).build())
                .id();
    }

    private ServerGroupId antiAffinity(int maxServerPerHost) {
        return engine.compute()
                .serverGroups()
                .create(ServerGroupSpec.builder("web", ServerGroupPolicy.ANTI_AFFINITY)
                        .maxServerPerHost(maxServerPerHost)
                        .build())
                .id();
    }

    private Operation<Instance> create(ServerGroupId group) {
        return instances().create(engine.spec("web").group(group).build());
    }

    private Instance member(ServerGroupId group) {
        return await(create(group));
    }

    private Operation<Instance> createOn(int n, ServerGroupId group) {
        return instances().create(engine.spec("web").group(group).host(h(n)).build());
    }

    private List<InstanceId> members(ServerGroupId group) {
        return engine.compute().serverGroups().get(group).members();
    }

    private static void refusedFor(String code, String numbers, Operation<?> operation) {
        NoValidHost refused = SimEngine.failure(NoValidHost.class, operation);
        String report = refused.report().toString();
        assertTrue(report.contains(code) && report.contains(numbers), report);
    }

    @Test
    void aGroupIsAsItWasAskedForAndNamesItsMembers() {
        ServerGroupId id = antiAffinity(2);
        Instance first = member(id);
        Instance second = member(id);

        ServerGroup group = engine.compute().serverGroups().get(id);
        assertEquals(
                new ServerGroup(
                        id,
                        "web",
                        ProjectId.of("default"),
                        ServerGroupPolicy.ANTI_AFFINITY,
                        OptionalInt.of(2),
                        List.of(first.id(), second.id())),
                group);
        assertEquals(List.of(group), engine.compute().serverGroups().list());
        assertEquals(Optional.of(id), get(first.id()).group());
        assertEquals(
                OptionalInt.empty(),
                engine.compute()
                        .serverGroups()
                        .get(group(ServerGroupPolicy.AFFINITY))
                        .maxServerPerHost());

        instances().delete(first.id()).await(SimEngine.PATIENCE);
        assertEquals(List.of(second.id()), members(id));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " web", "web ", "a\nb"})
    void namesHaveAForm(String name) {
        refused(
                InvalidRequest.class,
                () -> ServerGroupSpec.builder(name, ServerGroupPolicy.AFFINITY).build(),
                "serverGroup.name");
    }

    @ParameterizedTest
    @CsvSource({"ANTI_AFFINITY, 0", "ANTI_AFFINITY, -1", "AFFINITY, 1", "SOFT_AFFINITY, 2", "SOFT_ANTI_AFFINITY, 2"})
    void theRuleGoesWithAntiAffinityOnlyAndLeavesRoomForOne(ServerGroupPolicy policy, int max) {
        refused(
                InvalidRequest.class,
                () -> ServerGroupSpec.builder("web", policy)
                        .maxServerPerHost(max)
                        .build(),
                "serverGroup.maxServerPerHost",
                Integer.toString(max));
    }

    @Test
    void projectsSeeTheirOwnGroupsOnly() {
        ServerGroupSpec spec =
                ServerGroupSpec.builder("web", ServerGroupPolicy.AFFINITY).build();
        ServerGroup ours = as("ours", Role.MEMBER).serverGroups().create(spec);
        Compute other = as("other", Role.MEMBER);

        assertEquals(List.of(ours), as("ours", Role.READER).serverGroups().list());
        assertEquals(List.of(), other.serverGroups().list());
        refused(
                NotFound.class,
                () -> other.serverGroups().get(ours.id()),
                ours.id().toString());
        refused(
                NotFound.class,
                () -> other.serverGroups().delete(ours.id()),
                ours.id().toString());
        refused(
                NotFound.class,
                () -> other.instances()
                        .create(engine.spec("web").group(ours.id()).build()),
                ours.id().toString());
        refused(Forbidden.class, () -> as("ours", Role.READER).serverGroups().create(spec), "server-group-write");
        refused(Forbidden.class, () -> as("ours", Role.READER).serverGroups().delete(ours.id()), "server-group-write");
        assertEquals(List.of(ours), engine.compute().serverGroups().list());
        assertEquals(0, engine.rows("instance"));
    }

    @Test
    void groupsAndMembersAreLimitedByQuota() {
        engine.compute()
                .quotas()
                .setDefaults(Map.of(QuotaResource.SERVER_GROUPS, 2L, QuotaResource.SERVER_GROUP_MEMBERS, 2L));
        ServerGroupId first = group(ServerGroupPolicy.SOFT_ANTI_AFFINITY);
        ServerGroupId second = group(ServerGroupPolicy.SOFT_AFFINITY);
        refused(QuotaExceeded.class, () -> group(ServerGroupPolicy.AFFINITY), "server_groups");
        engine.compute().serverGroups().delete(second);
        group(ServerGroupPolicy.AFFINITY);

        member(first);
        Instance last = member(first);
        refused(QuotaExceeded.class, () -> create(first), "server_group_members");
        assertEquals(2, engine.rows("instance"));
        assertEquals(2, engine.rows("quota-charge") - 2, "two groups, two instances");

        instances().delete(last.id()).await(SimEngine.PATIENCE);
        assertEquals(
                1,
                instances()
                        .create(engine.spec("more").group(first).build(), 1, 3, NO_OPTIONS)
                        .size());
        awaitBuilt();
    }

    private void awaitBuilt() {
        SimEngine.await(
                "all are built",
                () -> instances().list().stream()
                        .allMatch(instance -> instance.task().isEmpty()));
    }

    @Test
    void aDeletedGroupLeavesItsMembersWhereTheyAreInNoGroup() {
        ServerGroupId id = group(ServerGroupPolicy.ANTI_AFFINITY);
        Instance member = await(createOn(1, id));
        engine.compute().serverGroups().delete(id);

        assertEquals(Optional.empty(), get(member.id()).group());
        assertEquals(Optional.of(h(1)), get(member.id()).host());
        refused(NotFound.class, () -> members(id), id.toString());
        refused(NotFound.class, () -> engine.compute().serverGroups().delete(id), id.toString());
        refused(NotFound.class, () -> create(id), id.toString());
        // Nothing keeps it from any host that passes otherwise.
        running("other");
        assertEquals(
                Optional.of(h(2)),
                await(engine.compute().migrations().cold(member.id(), Optional.of(h(2)), NO_OPTIONS))
                        .host());
    }

    @Test
    void anotherGroupIsAnotherRequestToCreate() {
        ServerGroupId one = group(ServerGroupPolicy.SOFT_AFFINITY);
        RequestOptions once = RequestOptions.idempotencyToken("t");
        await(instances().create(engine.spec("web").group(one).build(), once));

        refused(
                IdempotencyConflict.class,
                () -> instances().create(engine.spec("web").build(), once));
    }

    @Test
    void antiAffinityPutsEachMemberOnAHostOfItsOwn() {
        ServerGroupId id = group(ServerGroupPolicy.ANTI_AFFINITY);
        Set<HostId> hosts = Stream.of(member(id), member(id), member(id))
                .flatMap(member -> member.host().stream())
                .collect(Collectors.toSet());
        assertEquals(Set.of(h(1), h(2), h(3)), hosts);

        refusedFor("GROUP_ANTI_AFFINITY", "fewer than 1 members", create(id));
        PlacementReport dry = instances().explain(engine.spec("web").group(id).build());
        assertTrue(dry.toString().contains("GROUP_ANTI_AFFINITY"), dry.toString());
        assertEquals(Optional.empty(), dry.chosen());
        running("ungrouped");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void soManyMembersMayBeOnOneHostAsTheRuleSays(int k) {
        ServerGroupId id = antiAffinity(k);
        for (int i = 0; i < k; i++) {
            await(createOn(1, id));
        }

        refusedFor("GROUP_ANTI_AFFINITY", "fewer than " + k + " members", createOn(1, id));
        await(createOn(2, id));
    }

    @Test
    void affinityPutsAllMembersWhereTheFirstOneIs() {
        ServerGroupId id = group(ServerGroupPolicy.AFFINITY);
        await(createOn(3, id));
        assertEquals(Optional.of(h(3)), member(id).host());
        assertEquals(Optional.of(h(3)), member(id).host());

        refusedFor("GROUP_AFFINITY", "all 3 members", createOn(1, id));
    }

    @Test
    void severalCreatedTogetherKeepToThePolicy() {
        ServerGroupId apart = group(ServerGroupPolicy.ANTI_AFFINITY);
        Set<HostId> hosts = instances().create(engine.spec("a").group(apart).build(), 3, 3, NO_OPTIONS).stream()
                .flatMap(operation -> await(operation).host().stream())
                .collect(Collectors.toSet());
        assertEquals(3, hosts.size());
        refused(
                NoValidHost.class,
                () -> instances().create(engine.spec("b").group(apart).build(), 2, 2, NO_OPTIONS));

        ServerGroupId together = group(ServerGroupPolicy.AFFINITY);
        Set<HostId> one = instances().create(engine.spec("c").group(together).build(), 3, 3, NO_OPTIONS).stream()
                .flatMap(operation -> await(operation).host().stream())
                .collect(Collectors.toSet());
        assertEquals(1, one.size());
        assertEquals(3, members(apart).size());
        assertEquals(3, members(together).size());
    }

    @Test
    void softPoliciesPreferAndNeverRefuse() {
        ServerGroupId apart = group(ServerGroupPolicy.SOFT_ANTI_AFFINITY);
        List<HostId> spread = Stream.generate(() -> member(apart).host().orElseThrow())
                .limit(4)
                .toList();
        assertEquals(3, Set.copyOf(spread.subList(0, 3)).size());
        assertTrue(spread.subList(0, 3).contains(spread.get(3)));

        ServerGroupId together = group(ServerGroupPolicy.SOFT_AFFINITY);
        await(createOn(2, together));
        assertEquals(Optional.of(h(2)), member(together).host());
        assertEquals(Optional.of(h(1)), await(createOn(1, together)).host());
    }

    @Test
    void aMemberThatMovesCountsOnBothHostsUntilItIsConfirmed() {
        ServerGroupId id = group(ServerGroupPolicy.ANTI_AFFINITY);
        Instance first = await(createOn(1, id));
        await(engine.compute().migrations().cold(first.id(), Optional.of(h(2)), NO_OPTIONS));

        refusedFor("GROUP_ANTI_AFFINITY", "1 members", createOn(1, id));
        refusedFor("GROUP_ANTI_AFFINITY", "1 members", createOn(2, id));
        assertEquals(
                Optional.of(h(1)), await(instances().revertResize(first.id())).host());
        await(createOn(2, id));
        refusedFor(
                "GROUP_ANTI_AFFINITY",
                "1 members",
                engine.compute().migrations().cold(first.id(), Optional.of(h(2)), NO_OPTIONS));
        await(engine.compute().migrations().cold(first.id(), Optional.of(h(3)), NO_OPTIONS));
        await(instances().confirmResize(first.id()));
        await(createOn(1, id));
    }

    @Test
    void whereAMemberOfAnAffinityGroupEndsIsAwaitedBeforeAnotherJoinsIt() {
        ServerGroupId id = group(ServerGroupPolicy.AFFINITY);
        Instance first = await(createOn(1, id));
        await(engine.compute().migrations().cold(first.id(), Optional.of(h(2)), NO_OPTIONS));

        refusedFor("GROUP_AFFINITY", "all 1 members", createOn(1, id));
        refusedFor("GROUP_AFFINITY", "all 1 members", createOn(2, id));
        await(instances().confirmResize(first.id()));
        assertEquals(Optional.of(h(2)), member(id).host());
        // Each of two would leave the other.
        refusedFor(
                "GROUP_AFFINITY",
                "all 1 members",
                engine.compute().migrations().cold(first.id(), Optional.empty(), NO_OPTIONS));
    }

    @Test
    void aResizeMayStayOnTheHostOfWhichTheMemberHasTheOnlySlot() {
        ServerGroupId id = group(ServerGroupPolicy.ANTI_AFFINITY);
        Instance first = await(createOn(1, id));
        await(createOn(2, id));
        await(createOn(3, id));

        assertEquals(
                Optional.of(h(1)), await(instances().resize(first.id(), LARGE)).host());
        refusedFor("GROUP_ANTI_AFFINITY", "1 members", createOn(1, id));
        await(instances().confirmResize(first.id()));
        refusedFor("GROUP_ANTI_AFFINITY", "1 members", createOn(1, id));
    }

    @Test
    void aLiveMigrationKeepsToThePolicy() {
        ServerGroupId id = group(ServerGroupPolicy.ANTI_AFFINITY);
        Instance first = await(createOn(1, id));
        await(createOn(2, id));

        refusedFor(
                "GROUP_ANTI_AFFINITY",
                "1 members",
                engine.compute()
                        .migrations()
                        .live(
                                first.id(),
                                LiveMigrationSpec.builder().target(h(2)).build()));
        engine.compute()
                .migrations()
                .live(first.id(), LiveMigrationSpec.builder().build())
                .await(SimEngine.PATIENCE);
        assertEquals(Optional.of(h(3)), get(first.id()).host());
        await(createOn(1, id));
    }

    @Test
    void anUnshelvedMemberTakesASlotAgain() {
        ServerGroupId id = group(ServerGroupPolicy.ANTI_AFFINITY);
        Instance first = await(createOn(1, id));
        await(instances().shelve(first.id()));
        await(createOn(1, id));
        await(createOn(2, id));

        assertEquals(
                Optional.of(h(3)),
                await(instances().unshelve(first.id(), UnshelveSpec.anywhere())).host());
        assertEquals(3, members(id).size());
    }

    @Test
    void anEvacuationKeepsToThePolicy() {
        ServerGroupId id = group(ServerGroupPolicy.ANTI_AFFINITY);
        Instance first = await(createOn(1, id));
        await(createOn(2, id));
        engine.host(1).powerFail();
        SimEngine.await("h1 is down", () -> engine.compute().hosts().get(h(1)).state() == HostState.DOWN);
        FencingProof proof = new FencingProof(h(1), "operator", "the plug is pulled", Instant.EPOCH);

        Instance moved =
                await(engine.compute().migrations().evacuate(first.id(), EvacuationSpec.proven(proof), NO_OPTIONS));
        assertEquals(Optional.of(h(3)), moved.host());
        engine.host(1).powerOn();
        SimEngine.await("all is clean", () -> engine.compute().audit().isEmpty());
    }

    @ParameterizedTest
    @EnumSource(ServerGroupPolicy.class)
    void aFailedCreateLeavesNoSlot(ServerGroupPolicy policy) {
        ServerGroupId id = group(policy);
        for (int n = 1; n <= 3; n++) {
            engine.host(n).failNext(SimCall.START, 1, ServerGroupsTest::fault);
        }
        SimEngine.failure(HypervisorError.class, create(id));
        Instance failed = instances().list().get(0);

        assertEquals(0, engine.rows("claim"));
        assertEquals(List.of(failed.id()), members(id));
        await(createOn(1, id));
        instances().delete(failed.id()).await(SimEngine.PATIENCE);
        assertEquals(1, members(id).size());
    }

    private static HypervisorError fault() {
        return new HypervisorError("h1", 1, 1, "a fault of the test", null);
    }

    @Test
    void aRepairedClaimHasItsSlotAgain() {
        ServerGroupId id = group(ServerGroupPolicy.ANTI_AFFINITY);
        Instance first = await(createOn(1, id));
        engine.change(state -> state.change(
                tx -> new Ledger(state, new HostZones(state, "default")).releaseAll(tx, Need.instance(first.id()))));
        assertEquals(1, engine.compute().repair().findings().size());

        refusedFor("GROUP_ANTI_AFFINITY", "1 members", createOn(1, id));
    }
}
