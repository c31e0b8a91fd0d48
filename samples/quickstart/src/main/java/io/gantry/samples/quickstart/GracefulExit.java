package io.gantry.samples.quickstart;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** Lets Ctrl-C end a program as any other end does: its main thread leaves its waiting, and cleans up. */
final class GracefulExit {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private GracefulExit() {}

    static int run(IntSupplier program) {
        CountDownLatch finished = new CountDownLatch(1);
        Thread main = Thread.currentThread();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> interruptUnlessFinished(main, finished), "graceful-exit"));
        try {
            return program.getAsInt();
        } finally {
            finished.countDown();
        }
    }

    private static void interruptUnlessFinished(Thread main, CountDownLatch finished) {
        if (finished.getCount() == 0) {
            return;
        }
        main.interrupt();
        try {
            if (!finished.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.println("The clean-up did not end within " + PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
