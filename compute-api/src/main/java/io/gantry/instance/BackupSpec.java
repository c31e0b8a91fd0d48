package io.gantry.instance;

import io.gantry.error.InvalidRequest;

/**
 * How to back an instance up.
 *
 * @param name the image's name
 * @param type the kind of backup, such as {@code daily}; 1 to 255 characters
 * @param rotation how many backups of this instance and kind are kept, this one included; 0 or more
 */
public record BackupSpec(String name, String type, int rotation) {
    /**
     * Checks the values.
     *
     * @param name see the record
     * @param type see the record
     * @param rotation see the record
     * @throws InvalidRequest if one has a form that is not allowed
     */
    public BackupSpec {
        if (type.isBlank() || type.length() > 255) {
            throw new InvalidRequest(
                    "backup.type", type, "must have 1 to 255 characters", "Give a kind such as 'daily'");
        }
        if (rotation < 0) {
            throw new InvalidRequest(
                    "backup.rotation", rotation, "must not be negative", "Say how many backups to keep");
        }
    }
}
