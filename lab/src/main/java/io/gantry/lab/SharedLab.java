package io.gantry.lab;

import org.jspecify.annotations.Nullable;

/** The one lab of a JVM's tests. Grows with what they need; closed by JUnit at the end of the test plan. */
final class SharedLab implements AutoCloseable {
    private @Nullable Lab lab;

    synchronized Lab get(int hosts) {
        Lab grown = lab == null ? Lab.start(hosts) : lab.withAtLeast(hosts);
        lab = grown;
        return grown;
    }

    @Override
    public synchronized void close() {
        if (lab != null) {
            lab.close();
            lab = null;
        }
    }
}
