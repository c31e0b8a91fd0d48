package io.gantry.core.lifecycle;

import java.time.Duration;

/**
 * How instances are treated that nobody asks about.
 *
 * @param reclaimAfter how long a deleted instance can be restored; zero for not at all
 * @param offloadAfter how long a shelved instance keeps its host; zero for not at all, negative for ever
 * @param confirmAfter how long a resize can be reverted; zero for ever
 * @param resizeOnSameHost whether a resize may stay on its host
 * @param maxAttempts how many hosts a create tries where hosts fail it, 1 or more
 */
public record LifecycleSettings(
        Duration reclaimAfter,
        Duration offloadAfter,
        Duration confirmAfter,
        boolean resizeOnSameHost,
        int maxAttempts) {
    /** Nova's: no reclaiming, offload at once, no automatic confirmation; but a resize may stay where it is. */
    public static final LifecycleSettings DEFAULTS =
            new LifecycleSettings(Duration.ZERO, Duration.ZERO, Duration.ZERO, true, 3);

    /** {@return the settings with another time to restore what was deleted} */
    public LifecycleSettings withReclaimAfter(Duration changed) {
        return new LifecycleSettings(changed, offloadAfter, confirmAfter, resizeOnSameHost, maxAttempts);
    }

    /** {@return the settings with another time that shelved instances keep their hosts} */
    public LifecycleSettings withOffloadAfter(Duration changed) {
        return new LifecycleSettings(reclaimAfter, changed, confirmAfter, resizeOnSameHost, maxAttempts);
    }

    /** {@return the settings with another time to revert resizes} */
    public LifecycleSettings withConfirmAfter(Duration changed) {
        return new LifecycleSettings(reclaimAfter, offloadAfter, changed, resizeOnSameHost, maxAttempts);
    }

    /** {@return the settings with another word on resizes that stay on their hosts} */
    public LifecycleSettings withResizeOnSameHost(boolean changed) {
        return new LifecycleSettings(reclaimAfter, offloadAfter, confirmAfter, changed, maxAttempts);
    }

    /** {@return the settings with another number of attempts} */
    public LifecycleSettings withMaxAttempts(int changed) {
        return new LifecycleSettings(reclaimAfter, offloadAfter, confirmAfter, resizeOnSameHost, changed);
    }
}
