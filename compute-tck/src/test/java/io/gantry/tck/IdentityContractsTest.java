package io.gantry.tck;

import io.gantry.error.NotFound;
import io.gantry.error.Unauthenticated;
import io.gantry.identity.Action;
import io.gantry.identity.Caller;
import io.gantry.identity.Credentials;
import io.gantry.identity.ProjectId;
import io.gantry.identity.Role;
import io.gantry.identity.UserId;
import io.gantry.spi.identity.AccessPolicy;
import io.gantry.spi.identity.Decision;
import io.gantry.spi.identity.IdentityProvider;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The contracts of policies and identity providers pass good ones, and catch bad ones. */
class IdentityContractsTest {
    @Test
    void goodOnesPass() {
        ContractRun.of(GoodPolicy.class, "").assertAllPass();
        ContractRun.of(GoodProvider.class, "").assertAllPass();
    }

    @Test
    void policyWithMemoryIsCaught() {
        ContractRun.assertCatches(PolicyWithMemory.class, "gives the same question");
    }

    @Test
    void policyWithoutReasonIsCaught() {
        ContractRun.assertCatches(PolicyWithoutReason.class, "decides every question");
    }

    @Test
    void policyThatPrefersReadersIsCaught() {
        ContractRun.assertCatches(PolicyForReaders.class, "lets a greater role");
    }

    @Test
    void policyThatNamesTheWrongRoleIsCaught() {
        ContractRun.assertCatches(PolicyWithWrongRole.class, "names a required role");
    }

    @Test
    void policyThatPrefersStrangersIsCaught() {
        ContractRun.assertCatches(PolicyForStrangers.class, "allows nothing on another");
    }

    @Test
    void providerThatLetsEverybodyInIsCaught() {
        ContractRun.assertCatches(ProviderForEverybody.class, "refuses wrong secrets");
    }

    @Test
    void providerThatTellsUsersApartIsCaught() {
        ContractRun.assertCatches(ProviderThatTells.class, "refuses wrong secrets");
    }

    @Test
    void providerThatShowsSecretsIsCaught() {
        ContractRun.assertCatches(ProviderThatShows.class, "shows no secret");
    }

    @Test
    void providerForOneCallIsCaught() {
        ContractRun.assertCatches(ProviderForOneCall.class, "knows who has");
    }

    abstract static class PolicyCase extends AccessPolicyContract implements AccessPolicy {
        @Override
        protected AccessPolicy policy() {
            return this;
        }
    }

    static class GoodPolicy extends PolicyCase {
        @Override
        public Decision decide(Caller caller, Action action, Optional<ProjectId> owner) {
            return caller.isAdmin() ? Decision.allow() : Decision.deny("Only admins may", Role.ADMIN);
        }
    }

    static class PolicyWithMemory extends GoodPolicy {
        private final AtomicInteger calls = new AtomicInteger();

        @Override
        public Decision decide(Caller caller, Action action, Optional<ProjectId> owner) {
            return calls.incrementAndGet() % 3 == 0 ? Decision.allow() : Decision.deny("Not now");
        }
    }

    static class PolicyWithoutReason extends PolicyCase {
        @Override
        public Decision decide(Caller caller, Action action, Optional<ProjectId> owner) {
            return Decision.deny("");
        }
    }

    static class PolicyForReaders extends PolicyCase {
        @Override
        public Decision decide(Caller caller, Action action, Optional<ProjectId> owner) {
            return caller.role() == Role.READER ? Decision.allow() : Decision.deny("Only readers may");
        }
    }

    static class PolicyWithWrongRole extends PolicyCase {
        @Override
        public Decision decide(Caller caller, Action action, Optional<ProjectId> owner) {
            return caller.isAdmin() ? Decision.allow() : Decision.deny("Members may", Role.MEMBER);
        }
    }

    static class PolicyForStrangers extends PolicyCase {
        @Override
        public Decision decide(Caller caller, Action action, Optional<ProjectId> owner) {
            return owner.isPresent() && !owner.get().equals(caller.project())
                    ? Decision.allow()
                    : Decision.deny("Only strangers may");
        }
    }

    abstract static class ProviderCase extends IdentityProviderContract implements IdentityProvider {
        static final Caller ANN = new Caller(ProjectId.of("p"), UserId.of("ann"), Role.MEMBER);
        static final Credentials.Password PASSWORD = Credentials.password(ANN.user(), "open sesame");
        static final Credentials.Token TOKEN = Credentials.token("t0ken");

        @Override
        protected IdentityProvider open() {
            return this;
        }

        @Override
        protected Map<Credentials, Caller> known() {
            return Map.of(PASSWORD, ANN, TOKEN.in(ANN.project()), ANN);
        }

        @Override
        public void close() {}
    }

    static class GoodProvider extends ProviderCase {
        @Override
        public Caller authenticate(Credentials credentials) {
            if (known().containsKey(credentials)) {
                return ANN;
            }
            throw new Unauthenticated();
        }
    }

    static class ProviderForEverybody extends ProviderCase {
        @Override
        public Caller authenticate(Credentials credentials) {
            return ANN;
        }
    }

    static class ProviderThatTells extends GoodProvider {
        @Override
        public Caller authenticate(Credentials credentials) {
            if (credentials instanceof Credentials.Password given
                    && !given.user().equals(ANN.user())) {
                throw new NotFound(given.user().ref(), "Register first");
            }
            return super.authenticate(credentials);
        }
    }

    static class ProviderThatShows extends GoodProvider {
        @Override
        public Caller authenticate(Credentials credentials) {
            try {
                return super.authenticate(credentials);
            } catch (Unauthenticated e) {
                if (credentials instanceof Credentials.Password given) {
                    e.addSuppressed(new IllegalArgumentException("wrong: " + given.password()));
                }
                throw e;
            }
        }
    }

    static class ProviderForOneCall extends GoodProvider {
        private final AtomicInteger calls = new AtomicInteger();

        @Override
        public Caller authenticate(Credentials credentials) {
            if (calls.incrementAndGet() > 1) {
                throw new Unauthenticated();
            }
            return super.authenticate(credentials);
        }
    }
}
