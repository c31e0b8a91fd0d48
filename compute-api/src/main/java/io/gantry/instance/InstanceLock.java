package io.gantry.instance;

import io.gantry.identity.Role;
import io.gantry.identity.UserId;
import java.time.Instant;
import java.util.Optional;

/**
 * Keeps others from changing an instance.
 *
 * @param by who locked it
 * @param role as what; a lock of a higher role than the caller's needs that role to lift it
 * @param reason why, in the locker's words
 * @param since when
 */
public record InstanceLock(UserId by, Role role, Optional<String> reason, Instant since) {}
