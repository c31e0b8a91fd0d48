package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.placement.Verdict;
import io.gantry.servergroup.ServerGroupPolicy;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.tck.HostFilterContract;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Asked of node1; members are letters, of which one that is moving is on two hosts. */
class ServerGroupAffinityFilterTest extends HostFilterContract {
    @Override
    protected HostFilter filter() {
        return new ServerGroupAffinityFilter();
    }

    @ParameterizedTest
    @CsvSource({
        "1, , true",
        "1, node1=a, true",
        "1, node1=abc, true",
        "1, node2=a, false",
        "1, node2=abc, false",
        "1, node1=a node2=a, false",
        "1, node1=ab node2=a, false",
        "1, node2=a node3=a, false"
    })
    void hostsPassByTheMembersOnThem(int maxServerPerHost, String members, boolean passes) {
        assertEquals(
                passes,
                verdict(ServerGroupPolicy.AFFINITY, maxServerPerHost, members == null ? "" : members)
                        .passed());
    }

    @Test
    void aRejectionHasTheNumbers() {
        assertEquals(
                Verdict.reject("GROUP_AFFINITY", "all 3 members and nowhere else", "2 members"),
                verdict(ServerGroupPolicy.AFFINITY, 1, "node1=ab node2=bc"));
    }

    @ParameterizedTest
    @EnumSource(value = ServerGroupPolicy.class, mode = EnumSource.Mode.EXCLUDE, names = "AFFINITY")
    void groupsOfOtherPoliciesAreNoConcernOfIt(ServerGroupPolicy policy) {
        assertEquals(Verdict.pass(), verdict(policy, 1, "node1=abc node2=d"));
    }

    @Test
    void whatIsInNoGroupMayGoAnywhere() {
        assertEquals(Verdict.pass(), filter().test(Given.image(Map.of()), Given.host("node1", 3, "")));
    }

    private Verdict verdict(ServerGroupPolicy policy, int maxServerPerHost, String members) {
        return filter().test(Given.inGroup(policy, maxServerPerHost, members), Given.host("node1", 3, ""));
    }
}
