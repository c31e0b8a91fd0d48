package io.gantry.driver.libvirt;

import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.GuestEvent;
import io.gantry.spi.driver.GuestEvent.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Turns libvirt's lifecycle events into guest events. */
final class GuestEvents {
    private record Meaning(Kind kind, List<String> details) {}

    private static final Map<Integer, Meaning> MEANINGS = Map.of(
            1, new Meaning(Kind.REMOVED, List.of("undefined", "renamed")),
            2, new Meaning(Kind.STARTED, List.of("booted", "migrated", "restored", "from snapshot", "woken up")),
            3,
                    new Meaning(
                            Kind.PAUSED,
                            List.of(
                                    "paused",
                                    "paused for migration",
                                    "I/O error",
                                    "watchdog",
                                    "restored",
                                    "from snapshot",
                                    "API error",
                                    "post-copy",
                                    "post-copy failed")),
            4,
                    new Meaning(
                            Kind.RESUMED,
                            List.of("unpaused", "migrated", "from snapshot", "post-copy", "post-copy failed")),
            5,
                    new Meaning(
                            Kind.STOPPED,
                            List.of(
                                    "shut down",
                                    "powered off",
                                    "crashed",
                                    "migrated",
                                    "saved",
                                    "hypervisor process failed",
                                    "from snapshot")),
            7, new Meaning(Kind.PAUSED, List.of("guest suspended to memory", "guest suspended to disk")),
            8, new Meaning(Kind.STOPPED, List.of("guest panicked", "guest loaded its crash kernel")));

    private GuestEvents() {}

    /** {@return the guest event; empty for one that changes no guest's power state} */
    static Optional<GuestEvent> of(UUID domain, int event, int detail) {
        Meaning meaning = MEANINGS.get(event);
        if (meaning == null) {
            return Optional.empty();
        }
        String reason = detail >= 0 && detail < meaning.details().size()
                ? meaning.details().get(detail)
                : "detail " + detail;
        return Optional.of(new GuestEvent(new InstanceId(domain), meaning.kind(), reason));
    }
}
