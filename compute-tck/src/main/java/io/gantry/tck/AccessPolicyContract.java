package io.gantry.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.identity.Action;
import io.gantry.identity.Caller;
import io.gantry.identity.ProjectId;
import io.gantry.identity.Role;
import io.gantry.identity.UserId;
import io.gantry.spi.identity.AccessPolicy;
import io.gantry.spi.identity.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link AccessPolicy} promises. Subclass it with a policy, and add what only your policy promises. */
public abstract class AccessPolicyContract {
    private static final ProjectId OWN = ProjectId.of("own");
    private static final ProjectId OTHER = ProjectId.of("other");
    private static final List<Optional<ProjectId>> OWNERS =
            List.of(Optional.empty(), Optional.of(OWN), Optional.of(OTHER));

    /** Creates the contract. */
    protected AccessPolicyContract() {}

    /** {@return the policy} */
    protected abstract AccessPolicy policy();

    /** One question to a policy. */
    private record Question(Role role, Action action, Optional<ProjectId> owner) {
        Decision to(AccessPolicy policy) {
            return policy.decide(new Caller(OWN, UserId.of("user"), role), action, owner);
        }
    }

    private static List<Question> questions() {
        List<Question> questions = new ArrayList<>();
        for (Role role : Role.values()) {
            for (Action action : Action.values()) {
                OWNERS.forEach(owner -> questions.add(new Question(role, action, owner)));
            }
        }
        return questions;
    }

    @Test
    @DisplayName("decides every question, and says why it denies")
    void decisionsAreWellFormed() {
        AccessPolicy policy = policy();
        for (Question question : questions()) {
            Decision decision = question.to(policy);
            assertTrue(decision != null, () -> "no decision for " + question);
            assertEquals(decision.allowed(), decision.reason().isBlank(), () -> question + ": " + decision);
            assertFalse(decision.allowed() && decision.required().isPresent(), () -> question + ": " + decision);
        }
    }

    @Test
    @DisplayName("gives the same question the same answer, from 8 threads and in any order")
    void isPure() {
        AccessPolicy policy = policy();
        List<Question> questions = questions();
        List<Decision> first =
                questions.stream().map(question -> question.to(policy)).toList();
        Concurrently.inAnyOrder(
                questions.size(),
                i -> assertEquals(first.get(i), questions.get(i).to(policy), () -> "for " + questions.get(i)));
    }

    @Test
    @DisplayName("lets a greater role do all that a lesser one may")
    void rolesGrow() {
        AccessPolicy policy = policy();
        for (Question question : questions()) {
            if (question.to(policy).allowed()) {
                for (Role greater : Role.values()) {
                    Question same = new Question(greater, question.action(), question.owner());
                    assertTrue(
                            !greater.includes(question.role())
                                    || same.to(policy).allowed(),
                            same::toString);
                }
            }
        }
    }

    @Test
    @DisplayName("names a required role only if that role may")
    void requiredRoleSuffices() {
        AccessPolicy policy = policy();
        for (Question question : questions()) {
            question.to(policy).required().ifPresent(role -> {
                Question same = new Question(role, question.action(), question.owner());
                assertTrue(same.to(policy).allowed(), () -> "role " + role + " was named for " + question);
            });
        }
    }

    @Test
    @DisplayName("allows nothing on another project's resource that it denies on the caller's own")
    void othersAreNotNearer() {
        AccessPolicy policy = policy();
        for (Role role : Role.values()) {
            for (Action action : Action.values()) {
                boolean own =
                        new Question(role, action, Optional.of(OWN)).to(policy).allowed();
                boolean other = new Question(role, action, Optional.of(OTHER))
                        .to(policy)
                        .allowed();
                assertTrue(own || !other, () -> role + " may " + action.word() + " in another project only");
            }
        }
    }
}
