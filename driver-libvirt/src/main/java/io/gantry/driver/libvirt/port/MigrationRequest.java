package io.gantry.driver.libvirt.port;

import org.jspecify.annotations.Nullable;

/**
 * How to migrate, by libvirt's names.
 *
 * @param destination the URI by which the source's daemon reaches the target's
 * @param flags {@code virDomainMigrateFlags}
 * @param migrateUri where the memory goes, or null for what the target chooses
 * @param bandwidth bound in MiB/s, 0 for none
 * @param destinationXml the domain's XML on the target, or null if unchanged
 * @param persistentXml the persistent definition on the target, or null if unchanged
 */
public record MigrationRequest(
        String destination,
        int flags,
        @Nullable String migrateUri,
        long bandwidth,
        @Nullable String destinationXml,
        @Nullable String persistentXml) {
    /** {@code VIR_MIGRATE_LIVE}. */
    public static final int LIVE = 1;
    /** {@code VIR_MIGRATE_PEER2PEER}: the source's daemon drives the target's. */
    public static final int PEER2PEER = 1 << 1;
    /** {@code VIR_MIGRATE_PERSIST_DEST}. */
    public static final int PERSIST_DEST = 1 << 3;
    /** {@code VIR_MIGRATE_UNDEFINE_SOURCE}. */
    public static final int UNDEFINE_SOURCE = 1 << 4;
    /** {@code VIR_MIGRATE_UNSAFE}: do not refuse disks that libvirt cannot prove to be shared. */
    public static final int UNSAFE = 1 << 9;
}
