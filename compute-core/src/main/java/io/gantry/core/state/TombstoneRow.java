package io.gantry.core.state;

import io.gantry.instance.InstanceId;
import java.time.Instant;

/**
 * An instance that is gone, of which the record of actions is still kept.
 *
 * @param instance the instance
 * @param deletedAt when it went
 */
public record TombstoneRow(InstanceId instance, Instant deletedAt) {}
