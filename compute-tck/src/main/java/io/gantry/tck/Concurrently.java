package io.gantry.tck;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Runs the threads of a contract test; whatever one of them throws fails the test. */
final class Concurrently {
    /** Threads at a time. */
    static final int THREADS = 8;

    private static final int SECONDS = 120;

    private Concurrently() {}

    /** What one thread does. */
    @FunctionalInterface
    interface Work {
        /**
         * Does it.
         *
         * @param thread 0 to {@link #THREADS} - 1
         * @throws Exception fails the test
         */
        void run(int thread) throws Exception;
    }

    /** Runs the work in all threads, which begin together. */
    static void run(Work work) {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        CyclicBarrier begin = new CyclicBarrier(THREADS);
        try {
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                Callable<Void> task = () -> {
                    begin.await(SECONDS, TimeUnit.SECONDS);
                    work.run(thread);
                    return null;
                };
                results.add(threads.submit(task));
            }
            for (Future<?> result : results) {
                result.get(SECONDS, TimeUnit.SECONDS);
            }
        } catch (ExecutionException e) {
            throw new AssertionError("a thread failed: " + e.getCause(), e.getCause());
        } catch (Exception e) {
            throw new AssertionError("the threads did not end: " + e, e);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Gives each index to every thread, to each in an order of its own. */
    static void inAnyOrder(int count, IntConsumer work) {
        run(thread -> {
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, count).boxed().toList());
            Collections.shuffle(order, new Random(thread));
            order.forEach(work::accept);
        });
    }
}
