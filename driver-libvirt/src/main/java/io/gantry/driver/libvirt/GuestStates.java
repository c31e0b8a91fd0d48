package io.gantry.driver.libvirt;

import io.gantry.driver.libvirt.port.DomainStatus;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.spi.driver.GuestState;
import java.util.List;
import java.util.Map;

/** Turns libvirt's domain states and their reasons into guest states. */
public final class GuestStates {
    private static final Map<Integer, List<String>> REASONS = Map.of(
            DomainStatus.RUNNING,
                    List.of(
                            "running",
                            "booted",
                            "migrated here",
                            "restored",
                            "from snapshot",
                            "unpaused",
                            "migration was cancelled",
                            "saving was cancelled",
                            "woken up",
                            "running its crash kernel",
                            "in post-copy",
                            "post-copy failed"),
            DomainStatus.PAUSED,
                    List.of(
                            "paused",
                            "paused by user",
                            "paused for migration",
                            "paused for saving",
                            "paused for a dump",
                            "paused by an I/O error",
                            "paused by its watchdog",
                            "paused after a snapshot",
                            "paused while shutting down",
                            "paused for a snapshot",
                            "paused after it crashed",
                            "starting up",
                            "paused in post-copy",
                            "paused since post-copy failed"),
            DomainStatus.SHUTDOWN, List.of("shutting down", "shutting down by user"),
            DomainStatus.SHUTOFF,
                    List.of(
                            "off",
                            "shut down",
                            "powered off",
                            "crashed",
                            "migrated away",
                            "saved",
                            "hypervisor process failed",
                            "from snapshot",
                            "daemon lost it"),
            DomainStatus.CRASHED, List.of("crashed", "panicked"));

    private static final int PAUSED_FOR_MIGRATION = 2;
    private static final int PAUSED_CRASHED = 10;
    private static final int PAUSED_STARTING_UP = 11;
    private static final int OFF_UNKNOWN = 0;
    private static final int OFF_DESTROYED = 2;
    private static final int OFF_CRASHED = 3;
    private static final int OFF_MIGRATED = 4;
    private static final int OFF_SAVED = 5;
    private static final int OFF_FAILED = 6;
    private static final int OFF_DAEMON = 8;

    private GuestStates() {}

    /**
     * {@return the guest state that a domain's state means}
     *
     * @param domain the domain
     */
    public static GuestState of(DomainStatus domain) {
        return new GuestState(new InstanceId(domain.id()), power(domain), reason(domain));
    }

    /**
     * {@return whether a domain can be what a failed migration left on its target: it never ran there, and does not now}
     *
     * @param domain the domain
     */
    public static boolean isLeftOver(DomainStatus domain) {
        return switch (domain.state()) {
            case DomainStatus.NOSTATE -> true;
            case DomainStatus.PAUSED ->
                domain.reason() == PAUSED_FOR_MIGRATION || domain.reason() == PAUSED_STARTING_UP;
            case DomainStatus.SHUTOFF ->
                !domain.saved()
                        && (domain.reason() == OFF_UNKNOWN
                                || domain.reason() == OFF_DESTROYED
                                || domain.reason() == OFF_MIGRATED
                                || domain.reason() == OFF_FAILED
                                || domain.reason() == OFF_DAEMON);
            default -> false;
        };
    }

    private static PowerState power(DomainStatus domain) {
        int reason = domain.reason();
        return switch (domain.state()) {
            case DomainStatus.RUNNING, DomainStatus.BLOCKED, DomainStatus.SHUTDOWN -> PowerState.RUNNING;
            case DomainStatus.PAUSED -> {
                if (reason == PAUSED_FOR_MIGRATION || reason == PAUSED_STARTING_UP) {
                    yield PowerState.NOSTATE;
                }
                yield reason == PAUSED_CRASHED ? PowerState.CRASHED : PowerState.PAUSED;
            }
            case DomainStatus.SHUTOFF -> {
                if (domain.saved()) {
                    yield PowerState.SUSPENDED;
                }
                yield reason == OFF_CRASHED || reason == OFF_FAILED || reason == OFF_DAEMON
                        ? PowerState.CRASHED
                        : PowerState.SHUTDOWN;
            }
            case DomainStatus.CRASHED -> PowerState.CRASHED;
            case DomainStatus.PMSUSPENDED -> PowerState.PAUSED;
            default -> PowerState.NOSTATE;
        };
    }

    private static String reason(DomainStatus domain) {
        if (domain.state() == DomainStatus.PMSUSPENDED) {
            return "guest suspended itself";
        }
        if (domain.state() == DomainStatus.SHUTOFF && (domain.saved() || domain.reason() == OFF_SAVED)) {
            // The daemon forgets that reason when it is restarted, and keeps it when the saved memory is removed.
            return domain.saved() ? "saved" : "off";
        }
        List<String> reasons = REASONS.getOrDefault(
                domain.state() == DomainStatus.BLOCKED ? DomainStatus.RUNNING : domain.state(), List.of());
        return domain.reason() >= 0 && domain.reason() < reasons.size()
                ? reasons.get(domain.reason())
                : "state " + domain.state() + ", reason " + domain.reason();
    }
}
