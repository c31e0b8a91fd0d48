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
class ServerGroupAntiAffinityFilterTest extends HostFilterContract {
    @Override
    protected HostFilter filter() {
        return new ServerGroupAntiAffinityFilter();
    }

    @ParameterizedTest
    @CsvSource({
        "1, , true",
        "1, node2=a, true",
        "1, node1=a, false",
        "2, node1=a, true",
        "2, node1=ab, false",
        "2, node1=a node2=a, true",
        "3, node1=ab node2=cdef, true",
        "3, node1=abc, false",
        "1, node1=abc, false"
    })
    void hostsPassByTheMembersOnThem(int maxServerPerHost, String members, boolean passes) {
        assertEquals(
                passes,
                verdict(ServerGroupPolicy.ANTI_AFFINITY, maxServerPerHost, members == null ? "" : members)
                        .passed());
    }

    @Test
    void aRejectionHasTheNumbers() {
        assertEquals(
                Verdict.reject("GROUP_ANTI_AFFINITY", "fewer than 2 members", "3 members"),
                verdict(ServerGroupPolicy.ANTI_AFFINITY, 2, "node1=abc"));
    }

    @ParameterizedTest
    @EnumSource(value = ServerGroupPolicy.class, mode = EnumSource.Mode.EXCLUDE, names = "ANTI_AFFINITY")
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
