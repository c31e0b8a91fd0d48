package io.gantry.identity;

/** What a caller is in its project, from the least to the most; each includes those before it. */
public enum Role {
    /** Sees what the project has. */
    READER,
    /** Uses what the project has. */
    MEMBER,
    /** Decides on what other members do, such as lifting their locks. */
    MANAGER,
    /** Runs the cloud: acts in every project, and on hosts and limits. */
    ADMIN;

    /**
     * {@return whether this role includes another one}
     *
     * @param other the other role
     */
    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }
}
