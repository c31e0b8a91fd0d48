package io.gantry.core.state;

import io.gantry.instance.InstanceId;
import io.gantry.placement.PlacementReport;

/**
 * The last placement decision for an instance.
 *
 * @param instance the instance
 * @param report the decision
 */
public record PlacementRow(InstanceId instance, PlacementReport report) {}
