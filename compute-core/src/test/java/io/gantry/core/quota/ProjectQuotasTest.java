package io.gantry.core.quota;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.core.state.State;
import io.gantry.core.store.InMemoryStore;
import io.gantry.error.InvalidRequest;
import io.gantry.identity.ProjectId;
import io.gantry.identity.UserId;
import io.gantry.quota.QuotaResource;
import io.gantry.quota.Quotas;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which limit holds, and which can be set. */
final class ProjectQuotasTest {
    private static final ProjectId P = ProjectId.of("p");
    private static final UserId ANN = UserId.of("ann");
    private static final UserId BOB = UserId.of("bob");

    private final State state = new State(InMemoryStore.create(), new Random(1));

    private final QuotaBook book = new QuotaBook(state, Map.of(QuotaResource.CORES, 30L));
    private final Quotas quotas = book.quotas();

    @ParameterizedTest(name = "default {0}, project {1}, user {2}: project {3}, user {4}")
    @CsvSource({
        ",,, 30, 30",
        "40,,, 40, 40",
        "40, 50,, 50, 50",
        ", 50,, 50, 50",
        "40, 50, 5, 50, 5",
        "40,, 5, 40, 5",
        ",, 5, 30, 5",
        "40, -1,, -1, -1",
        "40, -1, 5, -1, 5",
        "-1,,, -1, -1",
        "-1, 0,, 0, 0",
    })
    void aUsersLimitGoesBeforeTheProjectsBeforeTheDefaultBeforeTheConfiguration(
            Long fallback, Long project, Long user, long ofProject, long ofUser) {
        if (fallback != null) {
            quotas.setDefaults(Map.of(QuotaResource.CORES, fallback));
        }
        if (project != null) {
            quotas.set(P, Map.of(QuotaResource.CORES, project), false);
        }
        if (user != null) {
            quotas.set(P, ANN, Map.of(QuotaResource.CORES, user), false);
        }

        assertEquals(ofProject, quotas.limits(P).get(QuotaResource.CORES));
        assertEquals(ofUser, quotas.limits(P, ANN).get(QuotaResource.CORES));
        assertEquals(ofProject, quotas.limits(P, BOB).get(QuotaResource.CORES));
        assertEquals(10L, quotas.limits(P).get(QuotaResource.INSTANCES), "others keep their default");
    }

    @Test
    void clearingBringsBackWhatIsBelow() {
        quotas.setDefaults(Map.of(QuotaResource.CORES, 40L));
        quotas.set(P, Map.of(QuotaResource.CORES, 50L), false);
        quotas.set(P, ANN, Map.of(QuotaResource.CORES, 5L), false);

        quotas.clear(P, ANN);
        assertEquals(50L, quotas.limits(P, ANN).get(QuotaResource.CORES));
        quotas.set(P, ANN, Map.of(QuotaResource.CORES, 5L), false);
        quotas.clear(P);
        assertEquals(40L, quotas.limits(P, ANN).get(QuotaResource.CORES));
        quotas.clearDefaults();
        assertEquals(30L, quotas.defaults().get(QuotaResource.CORES));
    }

    /** 12 are held by Ann, 3 by Bob, who has been given 8 of the project's 30. */
    @ParameterizedTest(name = "{0} to {1}: {2}")
    @CsvSource({
        "project, 14, false",
        "project, 15, true",
        "project, -1, true",
        "project, 0, false",
        "ann, 11, false",
        "ann, 12, true",
        "ann, 22, true",
        "ann, 23, false",
        "ann, -1, false",
        "bob, 2, false",
        "bob, 3, true",
        "bob, 30, true",
        "bob, 31, false",
    })
    void aLimitIsNotBelowItsUseNorAboveWhatTheProjectHasLeft(String whose, long limit, boolean accepted) {
        state.change(tx -> {
            book.charge(tx, "instance:1", P, ANN, Map.of("cores", 12L));
            book.charge(tx, "instance:2", P, BOB, Map.of("cores", 3L));
        });
        quotas.set(P, BOB, Map.of(QuotaResource.CORES, 8L), false);
        Map<QuotaResource, Long> wanted = Map.of(QuotaResource.CORES, limit, QuotaResource.RAM, 60_000L);

        if (accepted) {
            set(whose, Map.of(QuotaResource.CORES, limit), false);
        } else {
            InvalidRequest refusal = assertThrows(InvalidRequest.class, () -> set(whose, wanted, false));
            assertEquals("quota.cores", refusal.field());
            assertEquals(51_200L, quotas.limits(P).get(QuotaResource.RAM), "nothing was changed");
            set(whose, wanted, true);
        }
    }

    private void set(String whose, Map<QuotaResource, Long> limits, boolean force) {
        switch (whose) {
            case "project" -> quotas.set(P, limits, force);
            case "ann" -> quotas.set(P, ANN, limits, force);
            default -> quotas.set(P, BOB, limits, force);
        }
    }

    @Test
    void aProjectsLimitIsNotBelowWhatItsUsersHaveBeenGiven() {
        quotas.set(P, ANN, Map.of(QuotaResource.CORES, 10L), false);
        quotas.set(P, BOB, Map.of(QuotaResource.CORES, 20L), false);

        assertThrows(InvalidRequest.class, () -> quotas.set(P, Map.of(QuotaResource.CORES, 29L), false));
        quotas.set(P, Map.of(QuotaResource.CORES, 29L), true);
        assertEquals(29L, quotas.limits(P).get(QuotaResource.CORES));
    }

    @Test
    void lessThanMinusOneIsRefusedEvenIfForced() {
        assertThrows(InvalidRequest.class, () -> quotas.set(P, Map.of(QuotaResource.CORES, -2L), true));
        assertThrows(InvalidRequest.class, () -> quotas.set(P, ANN, Map.of(QuotaResource.CORES, -2L), true));
        assertThrows(InvalidRequest.class, () -> quotas.setDefaults(Map.of(QuotaResource.CORES, -2L)));
    }
}
