package io.gantry.core;

import java.util.random.RandomGenerator;

/** Lets many threads draw from a source that was made for one, as most of Java's are. */
final class LockedRandom implements RandomGenerator {
    private final Object lock = new Object();
    private final RandomGenerator source;

    LockedRandom(RandomGenerator source) {
        this.source = source;
    }

    @Override
    public long nextLong() {
        synchronized (lock) {
            return source.nextLong();
        }
    }
}
