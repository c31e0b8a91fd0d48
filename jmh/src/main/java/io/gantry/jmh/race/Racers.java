package io.gantry.jmh.race;

import io.gantry.error.ComputeException;
import io.gantry.jmh.scene.Stage;
import io.gantry.operation.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Asks for several operations at the same moment, each from a thread of its own, and waits for their ends. */
final class Racers {
    private Racers() {}

    /**
     * What came of one request.
     *
     * @param code of the failure; empty if it succeeded
     * @param text the failure's
     */
    record Finish(String code, String text) {
        boolean won() {
            return code.isEmpty();
        }
    }

    static List<Finish> run(List<Callable<Operation<?>>> requests) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(requests.size());
        CyclicBarrier start = new CyclicBarrier(requests.size());
        try {
            List<Future<Finish>> futures = new ArrayList<>();
            for (Callable<Operation<?>> request : requests) {
                futures.add(threads.submit(() -> {
                    start.await();
                    return finish(request);
                }));
            }
            List<Finish> finishes = new ArrayList<>();
            for (Future<Finish> future : futures) {
                finishes.add(future.get());
            }
            return finishes;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Finish finish(Callable<Operation<?>> request) throws Exception {
        try {
            request.call().await(Stage.PATIENCE);
            return new Finish("", "");
        } catch (ComputeException e) {
            return new Finish(e.code(), e.toString());
        } catch (RuntimeException e) {
            return new Finish("UNTYPED", e.toString());
        }
    }
}
