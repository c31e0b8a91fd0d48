package io.gantry.core.state;

import io.gantry.identity.ProjectId;
import io.gantry.instance.ServerGroupId;
import io.gantry.servergroup.ServerGroupPolicy;
import java.time.Instant;

/**
 * A server group. Who is in it is said by the instances alone, and where they are by their claims. Whoever joins it, or
 * claims under a hard policy, raises the row's version: two of them never miss each other.
 *
 * @param id its id
 * @param name its name
 * @param project whose it is
 * @param policy how its members are placed
 * @param maxServerPerHost how many may be on one host with anti-affinity; 1 or more
 * @param createdAt when it was created
 */
public record ServerGroupRow(
        ServerGroupId id,
        String name,
        ProjectId project,
        ServerGroupPolicy policy,
        int maxServerPerHost,
        Instant createdAt) {}
