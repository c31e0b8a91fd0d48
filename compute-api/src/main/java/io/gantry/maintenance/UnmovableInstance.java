package io.gantry.maintenance;

import io.gantry.instance.InstanceId;
import io.gantry.placement.PlacementReport;
import java.util.Optional;

/**
 * An instance that a plan leaves where it is, though it should go.
 *
 * @param instance which instance
 * @param name its name
 * @param code stable, upper-case reason, such as {@code NO_VALID_HOST} or {@code STATE}
 * @param reason why, for a person, with numbers
 * @param report what each host lacks, if that is the reason
 */
public record UnmovableInstance(
        InstanceId instance, String name, String code, String reason, Optional<PlacementReport> report) {}
