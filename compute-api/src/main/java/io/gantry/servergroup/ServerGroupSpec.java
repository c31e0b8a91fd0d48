package io.gantry.servergroup;

import static java.util.Objects.requireNonNull;

import io.gantry.error.InvalidRequest;
import org.jspecify.annotations.Nullable;

/** Says what server group to create. Immutable. */
public final class ServerGroupSpec {
    private static final int MAX_NAME = 255;

    private final String name;
    private final ServerGroupPolicy policy;
    private final int maxServerPerHost;

    private ServerGroupSpec(Builder builder) {
        this.name = builder.name;
        this.policy = builder.policy;
        this.maxServerPerHost = builder.maxServerPerHost == null ? 1 : builder.maxServerPerHost;
    }

    /**
     * {@return a builder}
     *
     * @param name 1 to 255 characters, none of them a control character; no space at either end
     * @param policy how its members are placed
     */
    public static Builder builder(String name, ServerGroupPolicy policy) {
        return new Builder(name, policy);
    }

    /** {@return the name} */
    public String name() {
        return name;
    }

    /** {@return how its members are placed} */
    public ServerGroupPolicy policy() {
        return policy;
    }

    /** {@return how many members may be on one host with {@link ServerGroupPolicy#ANTI_AFFINITY}; 1 unless it was set} */
    public int maxServerPerHost() {
        return maxServerPerHost;
    }

    /** Builds a {@link ServerGroupSpec}; not safe for use by several threads. */
    public static final class Builder {
        private final String name;
        private final ServerGroupPolicy policy;
        private @Nullable Integer maxServerPerHost;

        private Builder(String name, ServerGroupPolicy policy) {
            this.name = requireNonNull(name, "name");
            this.policy = requireNonNull(policy, "policy");
        }

        /**
         * Sets how many members may be on one host; for {@link ServerGroupPolicy#ANTI_AFFINITY} only, where it is 1 if this
         * is not called.
         *
         * @param members 1 or more
         * @return this
         */
        public Builder maxServerPerHost(int members) {
            this.maxServerPerHost = members;
            return this;
        }

        /**
         * {@return the specification}
         *
         * @throws InvalidRequest if the name has another form, or the rule is less than 1 or does not go with the policy
         */
        public ServerGroupSpec build() {
            if (name.isEmpty()
                    || name.length() > MAX_NAME
                    || !name.equals(name.strip())
                    || name.codePoints().anyMatch(Character::isISOControl)) {
                throw new InvalidRequest(
                        "serverGroup.name",
                        name,
                        "is no name of a server group",
                        "Use 1 to 255 characters without control characters, and no space at either end");
            }
            if (maxServerPerHost != null && policy != ServerGroupPolicy.ANTI_AFFINITY) {
                throw new InvalidRequest(
                        "serverGroup.maxServerPerHost",
                        maxServerPerHost,
                        "does not go with policy " + policy.word(),
                        "Leave it out, or use policy anti-affinity");
            }
            if (maxServerPerHost != null && maxServerPerHost < 1) {
                throw new InvalidRequest(
                        "serverGroup.maxServerPerHost",
                        maxServerPerHost,
                        "leaves room for no member",
                        "Give 1 or more");
            }
            return new ServerGroupSpec(this);
        }
    }
}
