package io.gantry.identity;

import java.util.Locale;

/** Everything that a caller can ask for and an access policy decides on. */
public enum Action {
    /** See instances, their actions and their consoles' logs. */
    INSTANCE_READ,
    /** See what tells of the cloud's insides: hosts, placement decisions, full fault texts. */
    INSTANCE_READ_HOST,
    /** Create an instance, ask where it would go. */
    INSTANCE_CREATE,
    /** Name the host, on create and unshelve; it still has to pass the filters. */
    INSTANCE_CREATE_ON_HOST,
    /** Create an instance on a host whatever the filters say of it. */
    INSTANCE_FORCE_HOST,
    /** Delete, softly where the engine is set so. */
    INSTANCE_DELETE,
    /** Delete at once. */
    INSTANCE_FORCE_DELETE,
    /** Bring a softly deleted instance back. */
    INSTANCE_RESTORE,
    /** Power on. */
    INSTANCE_START,
    /** Power off. */
    INSTANCE_STOP,
    /** Reboot, softly or hard. */
    INSTANCE_REBOOT,
    /** Stop the vCPUs. */
    INSTANCE_PAUSE,
    /** Start the vCPUs again. */
    INSTANCE_UNPAUSE,
    /** Suspend to disk. */
    INSTANCE_SUSPEND,
    /** Resume from disk. */
    INSTANCE_RESUME,
    /** Lock and unlock one's own lock. */
    INSTANCE_LOCK,
    /** Act on an instance that somebody else has locked, and unlock it. */
    INSTANCE_LOCK_OVERRIDE,
    /** Boot for rescue. */
    INSTANCE_RESCUE,
    /** End the rescue. */
    INSTANCE_UNRESCUE,
    /** Shelve. */
    INSTANCE_SHELVE,
    /** Take a shelved instance off its host. */
    INSTANCE_SHELVE_OFFLOAD,
    /** Unshelve. */
    INSTANCE_UNSHELVE,
    /** Rebuild from an image. */
    INSTANCE_REBUILD,
    /** Resize. */
    INSTANCE_RESIZE,
    /** Confirm a resize or cold migration. */
    INSTANCE_CONFIRM_RESIZE,
    /** Revert a resize or cold migration. */
    INSTANCE_REVERT_RESIZE,
    /** Move while off. */
    INSTANCE_MIGRATE,
    /** Move while running. */
    INSTANCE_LIVE_MIGRATE,
    /** Rebuild elsewhere what a dead host had. */
    INSTANCE_EVACUATE,
    /** Make an image of a disk. */
    INSTANCE_CREATE_IMAGE,
    /** Make an image of a disk and delete older ones. */
    INSTANCE_BACKUP,
    /** Send the guest a non-maskable interrupt. */
    INSTANCE_TRIGGER_CRASH_DUMP,
    /** Change the password of the guest's administrator. */
    INSTANCE_CHANGE_PASSWORD,
    /** See what the hypervisor knows of the guest. */
    INSTANCE_DIAGNOSTICS,
    /** Set the recorded state. */
    INSTANCE_RESET_STATE,
    /** Change metadata. */
    INSTANCE_METADATA,
    /** Change tags. */
    INSTANCE_TAGS,
    /** Change name, description or host name. */
    INSTANCE_UPDATE,
    /** See server groups. */
    SERVER_GROUP_READ,
    /** Create and delete server groups. */
    SERVER_GROUP_WRITE,
    /** Manage one's own key pairs. */
    KEYPAIR,
    /** See and use images. */
    IMAGE_READ,
    /** Import and delete images. */
    IMAGE_WRITE,
    /** See flavors. */
    FLAVOR_READ,
    /** Create and delete flavors. */
    FLAVOR_WRITE,
    /** See one's own limits and usage. */
    QUOTA_READ,
    /** See and set anybody's limits. */
    QUOTA_WRITE,
    /** See hosts. */
    HOST_READ,
    /** Register, enable, disable and remove hosts. */
    HOST_WRITE,
    /** See the names of availability zones, and whether they are available. */
    ZONE_READ,
    /** See aggregates. */
    AGGREGATE_READ,
    /** Create, change and delete aggregates, and put hosts into them and so into zones. */
    AGGREGATE_WRITE,
    /** Plan, run, pause and cancel drains and rebalances. */
    MAINTENANCE,
    /** See and cancel any operation. */
    OPERATION_ADMIN,
    /** Audit and repair. */
    AUDIT;

    /** {@return the action as policies and messages write it, such as {@code instance-live-migrate}} */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
