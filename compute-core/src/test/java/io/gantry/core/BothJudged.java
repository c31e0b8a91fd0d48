package io.gantry.core;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Passes all, but for the first two requests not before both have been judged. */
final class BothJudged implements HostFilter {
    private final CyclicBarrier both = new CyclicBarrier(2);
    private final AtomicInteger asked = new AtomicInteger();

    @Override
    public Verdict test(PlacementRequest request, HostView host) {
        if (asked.incrementAndGet() <= 2) {
            try {
                both.await(20, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        return Verdict.pass();
    }
}
