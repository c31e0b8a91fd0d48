package io.gantry.instance;

import io.gantry.error.InvalidRequest;
import java.time.Duration;

/** How an instance is powered off. Immutable. */
public final class StopOptions {
    private static final StopOptions CLEAN = new StopOptions(Duration.ofSeconds(60));
    private static final StopOptions HARD = new StopOptions(Duration.ZERO);

    private final Duration cleanTimeout;

    private StopOptions(Duration cleanTimeout) {
        this.cleanTimeout = cleanTimeout;
    }

    /** {@return ask the guest, wait up to 60 seconds, then power it off} */
    public static StopOptions clean() {
        return CLEAN;
    }

    /**
     * {@return ask the guest, wait, then power it off}
     *
     * @param timeout how long the guest has to shut down; more than zero, at most a day
     * @throws InvalidRequest if the timeout is out of range
     */
    public static StopOptions clean(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(Duration.ofDays(1)) > 0) {
            throw new InvalidRequest(
                    "stop.timeout",
                    timeout,
                    "must be more than zero and at most a day",
                    "Use StopOptions.hard() for at once");
        }
        return new StopOptions(timeout);
    }

    /** {@return power it off at once, as if the plug were pulled} */
    public static StopOptions hard() {
        return HARD;
    }

    /** {@return how long the guest has to shut down by itself; zero for not at all} */
    public Duration cleanTimeout() {
        return cleanTimeout;
    }
}
