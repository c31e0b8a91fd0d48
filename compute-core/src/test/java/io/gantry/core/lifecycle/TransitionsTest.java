package io.gantry.core.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.ComputeException;
import io.gantry.error.Conflict;
import io.gantry.error.InvalidState;
import io.gantry.flavor.Flavor;
import io.gantry.identity.Caller;
import io.gantry.identity.ProjectId;
import io.gantry.identity.Role;
import io.gantry.identity.UserId;
import io.gantry.image.ImageId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.InstanceLock;
import io.gantry.instance.InstanceLocked;
import io.gantry.instance.PowerState;
import io.gantry.instance.TaskState;
import io.gantry.instance.VmState;
import io.gantry.operation.OperationId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The transition table is total: each verb, state, task, lock and role is admitted or refused with a typed reason. */
final class TransitionsTest {
    private static final UserId LOCKER = UserId.of("locker");
    private static final UserId OTHER = UserId.of("other");

    @ParameterizedTest
    @EnumSource(Verb.class)
    void eachCombinationIsAdmittedOrRefusedForTheFirstReasonThatHolds(Verb verb) {
        for (VmState state : VmState.values()) {
            for (boolean busy : new boolean[] {false, true}) {
                for (Optional<Role> lock : Set.of(
                        Optional.<Role>empty(),
                        Optional.of(Role.MEMBER),
                        Optional.of(Role.MANAGER),
                        Optional.of(Role.ADMIN))) {
                    for (Role role : Role.values()) {
                        for (UserId user : Set.of(LOCKER, OTHER)) {
                            check(verb, state, busy, lock, role, user);
                        }
                    }
                }
            }
        }
    }

    private static void check(Verb verb, VmState state, boolean busy, Optional<Role> lock, Role role, UserId user) {
        Caller caller = new Caller(ProjectId.of("acme"), user, role);
        boolean overrides = role.includes(Role.MANAGER);
        Optional<OperationId> holder = busy ? Optional.of(OperationId.random()) : Optional.empty();

        Optional<ComputeException> refusal =
                Transitions.refusal(verb, instance(state, busy, lock), holder, caller, overrides);

        String what = verb + " " + state + " busy " + busy + " lock " + lock + " as " + role + " " + user;
        boolean bound = verb.lock() == Verb.Lock.HEEDED
                && lock.isPresent()
                && !(role.includes(lock.get()) && (overrides || user.equals(LOCKER)));
        if (bound) {
            assertEquals(InstanceLocked.class, refusal.orElseThrow().getClass(), what);
        } else if (busy && verb.underWay() == Verb.Task.NONE) {
            assertEquals(Conflict.class, refusal.orElseThrow().getClass(), what);
            assertTrue(refusal.get().getMessage().contains(holder.orElseThrow().toString()), what);
        } else if (!verb.from().contains(state)) {
            InvalidState invalid = (InvalidState) refusal.orElseThrow();
            assertEquals(verb.word(), invalid.verb(), what);
            assertEquals(verb.from().size(), invalid.allowed().size(), what);
        } else {
            assertTrue(refusal.isEmpty(), what);
        }
    }

    private static Instance instance(VmState state, boolean busy, Optional<Role> lock) {
        return new Instance(
                InstanceId.random(),
                ProjectId.of("acme"),
                LOCKER,
                "web",
                Optional.empty(),
                "web",
                state,
                busy ? Optional.of(TaskState.PAUSING) : Optional.empty(),
                PowerState.RUNNING,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Flavor.builder("small").build(),
                ImageId.random(),
                Map.of(),
                Set.of(),
                lock.map(role -> new InstanceLock(LOCKER, role, Optional.empty(), Instant.EPOCH)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Instant.EPOCH,
                Instant.EPOCH);
    }
}
