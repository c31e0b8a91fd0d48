package io.gantry.lab;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting for something that does not tell by itself that it has happened. */
final class Poll {
    private static final Duration INTERVAL = Duration.ofMillis(25);

    private Poll() {}

    static void await(String what, Duration timeout, BooleanSupplier condition, Supplier<String> otherwise) {
        awaitValue(what, timeout, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty(), otherwise);
    }

    /** The first value that is there; after the timeout an exception that ends with what {@code otherwise} tells. */
    static <T> T awaitValue(String what, Duration timeout, Supplier<Optional<T>> attempt, Supplier<String> otherwise) {
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            boolean last = System.nanoTime() - end >= 0;
            Optional<T> value = attempt.get();
            if (value.isPresent()) {
                return value.get();
            }
            if (last) {
                throw new LabException("no %s within %d ms: %s".formatted(what, timeout.toMillis(), otherwise.get()));
            }
            try {
                Thread.sleep(INTERVAL.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LabException("interrupted while waiting for " + what, e);
            }
        }
    }
}
