package io.gantry.store.jdbc;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/** Lets time stand while a clock that was set back catches up. */
final class SteadyClock {
    private final AtomicReference<Instant> latest = new AtomicReference<>(Instant.MIN);

    Instant after(Instant read) {
        return latest.accumulateAndGet(read, (before, now) -> before.isAfter(now) ? before : now);
    }
}
