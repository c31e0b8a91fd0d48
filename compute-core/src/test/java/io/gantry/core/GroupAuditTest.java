package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.audit.Finding;
import io.gantry.core.state.ClaimRow;
import io.gantry.instance.Instance;
import io.gantry.instance.ServerGroupId;
import io.gantry.servergroup.ServerGroupPolicy;
import io.gantry.servergroup.ServerGroupSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The audit tells of members of server groups that are where their policy does not allow them. */
final class GroupAuditTest extends VerbTestBase {
    private ServerGroupId group(ServerGroupPolicy policy) {
        return engine.compute()
                .serverGroups()
                .create(ServerGroupSpec.builder("web", policy).build())
                .id();
    }

    private Instance member(ServerGroupId group, int host) {
        return await(instances()
                .create(engine.spec("member").group(group).host(h(host)).build()));
    }

    /** Gives an instance's claim on its host another slot than the engine gave it. */
    private void slot(Instance instance, Optional<ServerGroupId> group) {
        String key = "instance:" + instance.id() + "@" + instance.host().orElseThrow();
        engine.change(state -> state.change(tx -> {
            var claim = state.claims().get(tx, key).orElseThrow();
            state.claims()
                    .update(
                            tx,
                            claim,
                            claim.value().withSlot(group.map(id -> new ClaimRow.GroupSlot(id, instance.id()))));
        }));
    }

    private List<Finding> findings() {
        return engine.compute().audit().findings();
    }

    @Test
    void tooManyOnOneHostAreReported() {
        ServerGroupId group = group(ServerGroupPolicy.ANTI_AFFINITY);
        member(group, 1);
        member(group, 2);
        Instance stranger = running("stranger");
        assertEquals(List.of(), findings());

        slot(stranger, Optional.of(group));

        Finding finding = findings().get(0);
        assertEquals(Finding.Kind.GROUP_POLICY, finding.kind());
        assertEquals(group.ref(), finding.resource());
        assertEquals(Optional.of(h(1)), finding.host());
        assertEquals("at most 1 on a host", finding.expected());
        assertTrue(finding.found().contains(stranger.id().toString()), finding::found);
        assertEquals(List.of(finding), engine.compute().repair().findings());
        slot(stranger, Optional.empty());
    }

    @Test
    void membersThatAreNotTogetherAreReported() {
        ServerGroupId group = group(ServerGroupPolicy.AFFINITY);
        member(group, 2);
        member(group, 2);
        Instance stranger = running("stranger");
        assertEquals(List.of(), findings());

        slot(stranger, Optional.of(group));

        Finding finding = findings().get(0);
        assertEquals(Finding.Kind.GROUP_POLICY, finding.kind());
        assertEquals("all on one host", finding.expected());
        assertTrue(finding.found().contains("[" + stranger.id() + "] on h1"), finding::found);
        slot(stranger, Optional.empty());
    }

    @Test
    void aMemberOnItsWayIsWhereItMayBe() {
        Instance alone = member(group(ServerGroupPolicy.AFFINITY), 1);

        await(engine.compute().migrations().cold(alone.id(), Optional.of(h(2)), NO_OPTIONS));

        assertEquals(List.of(), findings(), "it holds claims on both hosts until it is confirmed");
    }

    @Test
    void softPoliciesAreNotAudited() {
        ServerGroupId group = group(ServerGroupPolicy.SOFT_ANTI_AFFINITY);
        member(group, 1);
        member(group, 1);

        assertEquals(List.of(), findings());
    }

    @Test
    void theGuideNamesEachKindOfDifference() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "guide", "audit.md"));

        Arrays.stream(Finding.Kind.values())
                .forEach(kind -> assertTrue(page.contains("| `" + kind + "` |"), kind::toString));
    }
}
