package io.gantry.maintenance;

import io.gantry.error.InvalidRequest;

/**
 * How to drain a host.
 *
 * @param reason why; the host is disabled with it when the plan is run, unless it is disabled already
 * @param moves how the moves are made
 */
public record DrainSpec(String reason, MoveSettings moves) {
    private static final int LONGEST = 255;

    /**
     * Checks the reason.
     *
     * @param reason see the record
     * @param moves see the record
     * @throws InvalidRequest if the reason is blank or longer than 255 characters
     */
    public DrainSpec {
        if (reason.isBlank() || reason.length() > LONGEST) {
            throw new InvalidRequest(
                    "drain.reason", reason, "must have 1 to 255 characters", "Say why, for whoever reads the reports");
        }
    }

    /**
     * {@return with the default settings}
     *
     * @param reason why
     * @throws InvalidRequest if the reason is blank or longer than 255 characters
     */
    public static DrainSpec because(String reason) {
        return new DrainSpec(reason, MoveSettings.defaults());
    }

    /**
     * {@return the same, with other settings}
     *
     * @param settings how the moves are made
     */
    public DrainSpec with(MoveSettings settings) {
        return new DrainSpec(reason, settings);
    }
}
