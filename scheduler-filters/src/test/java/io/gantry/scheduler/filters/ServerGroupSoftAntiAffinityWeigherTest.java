package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.error.InvalidRequest;
import io.gantry.servergroup.ServerGroupPolicy;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.WeightScale;
import io.gantry.spi.scheduler.WeightedWeigher;
import io.gantry.tck.HostWeigherContract;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerGroupSoftAntiAffinityWeigherTest extends HostWeigherContract {
    @Override
    protected HostWeigher weigher() {
        return new ServerGroupSoftAntiAffinityWeigher();
    }

    @Test
    void rawValueIsTheNumberOfMembersCountedNegatively() {
        assertEquals(0.0, raw(ServerGroupPolicy.SOFT_ANTI_AFFINITY, ""));
        assertEquals(0.0, raw(ServerGroupPolicy.SOFT_ANTI_AFFINITY, "node2=abc"));
        assertEquals(-1.0, raw(ServerGroupPolicy.SOFT_ANTI_AFFINITY, "node1=a node2=abc"));
        assertEquals(-3.0, raw(ServerGroupPolicy.SOFT_ANTI_AFFINITY, "node1=abc node2=a"));
    }

    @ParameterizedTest
    @EnumSource(value = ServerGroupPolicy.class, mode = EnumSource.Mode.EXCLUDE, names = "SOFT_ANTI_AFFINITY")
    void groupsOfOtherPoliciesAreNoConcernOfIt(ServerGroupPolicy policy) {
        assertEquals(0.0, raw(policy, "node1=abc node2=d"));
        assertEquals(0.0, weigher().weigh(Given.image(Map.of()), Given.host("node1", 3, "")));
    }

    @Test
    void bestAndWorstAreAsFarApartAsCanBe() {
        assertEquals(WeightScale.MIN_MAX, weigher().scale());
        assertEquals(
                Optional.of("soft_anti_affinity_weight_multiplier"), weigher().multiplierKey());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1.0, -0.001})
    void itsPreferenceIsNotTurnedRound(double multiplier) {
        InvalidRequest refused = assertThrows(InvalidRequest.class, () -> new WeightedWeigher(weigher(), multiplier));
        assertEquals("weigher.multiplier", refused.field());
        assertEquals(0.0, new WeightedWeigher(weigher(), 0.0).multiplier());
    }

    private double raw(ServerGroupPolicy policy, String members) {
        return weigher().weigh(Given.inGroup(policy, 1, members), Given.host("node1", 3, ""));
    }
}
