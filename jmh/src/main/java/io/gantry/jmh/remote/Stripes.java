package io.gantry.jmh.remote;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** A few threads; what belongs together is done by the same one, in order. */
final class Stripes {
    private static final int THREADS = 4;

    private final List<ExecutorService> threads;

    Stripes(String name) {
        this.threads = IntStream.range(0, THREADS)
                .mapToObj(i -> Executors.newSingleThreadExecutor(work -> {
                    Thread thread = new Thread(work, name);
                    thread.setDaemon(true);
                    return thread;
                }))
                .toList();
    }

    Executor of(int number) {
        return threads.get(Math.floorMod(number, THREADS));
    }

    /** What was not begun is dropped; nothing is refused before. */
    void close() {
        threads.forEach(ExecutorService::shutdown);
    }
}
