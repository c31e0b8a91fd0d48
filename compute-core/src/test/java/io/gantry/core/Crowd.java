package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.ComputeException;
import io.gantry.operation.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many operations at once, of which some may fail. */
final class Crowd {
    private Crowd() {}

    /** What begins an operation. */
    interface Verb {
        Operation<?> begin(Random random);
    }

    static void atOnce(int times, Random random, Verb verb) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                Random own = new Random(random.nextLong());
                all.add(threads.submit(() -> begun(verb, own).ifPresent(Crowd::end)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    /** {@return the operation, if one was begun; what the state of an instance refuses is no fault} */
    private static Optional<Operation<?>> begun(Verb verb, Random random) {
        try {
            return Optional.of(verb.begin(random));
        } catch (ComputeException e) {
            return Optional.empty();
        }
    }

    static void end(Operation<?> operation) {
        try {
            operation.await(SimEngine.PATIENCE);
        } catch (ComputeException e) {
            assertTrue(operation.status().ended(), "it ended, if only by " + e.code());
        }
    }
}
