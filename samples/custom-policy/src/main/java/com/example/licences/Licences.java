package com.example.licences;

import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import java.util.Arrays;
import java.util.Optional;

/** Which licences there are, and which are needed. */
final class Licences {
    /** The image property that names the software. */
    static final String NEEDED = "example_licence";
    /** The aggregate metadata that lists what hosts are licensed for, separated by commas. */
    static final String HELD = "licences";

    private Licences() {}

    static Optional<String> needed(PlacementRequest request) {
        return Optional.ofNullable(request.image().properties().get(NEEDED))
                .map(String::strip)
                .filter(name -> !name.isEmpty());
    }

    static boolean holds(HostView host, String licence) {
        return host.aggregateMetadata(HELD).stream()
                .flatMap(list -> Arrays.stream(list.split(",", -1)))
                .anyMatch(held -> held.strip().equals(licence));
    }

    static boolean holdsAny(HostView host) {
        return host.aggregateMetadata(HELD).stream().anyMatch(list -> !list.isBlank());
    }
}
