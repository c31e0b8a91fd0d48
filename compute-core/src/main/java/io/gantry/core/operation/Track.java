package io.gantry.core.operation;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Does one lane's work in its order, some of it at the same time, with threads that are others' too. */
final class Track implements Executor {
    private final String name;
    private final int most;
    private final Executor threads;
    private final BooleanSupplier closed;
    private final Queue<Runnable> queue = new ArrayDeque<>();
    private int busy;

    /**
     * Creates a track.
     *
     * @param name what its threads are called while they do its work
     * @param most how much it does at the same time at most
     * @param threads who does it
     * @param closed whether nothing more is to be begun
     */
    Track(String name, int most, Executor threads, BooleanSupplier closed) {
        this.name = name;
        this.most = most;
        this.threads = threads;
        this.closed = closed;
    }

    @Override
    public void execute(Runnable work) {
        if (closed.getAsBoolean()) {
            throw new RejectedExecutionException(name + " is closed");
        }
        synchronized (this) {
            queue.add(work);
            if (busy == most) {
                return;
            }
            busy++;
        }
        begin();
    }

    private void begin() {
        boolean begun = false;
        try {
            threads.execute(this::run);
            begun = true;
        } finally {
            if (!begun) {
                leave();
            }
        }
    }

    private void run() {
        Thread thread = Thread.currentThread();
        String idle = thread.getName();
        thread.setName(name);
        boolean whole = false;
        try {
            for (Runnable work = next(); work != null; work = next()) {
                work.run();
            }
            whole = true;
        } finally {
            thread.setName(idle);
            if (!whole) {
                threw();
            }
        }
    }

    /** {@return what to do next; null if there is nothing, and this thread does no more of it} */
    private synchronized @Nullable Runnable next() {
        // An interrupt of the work before is none of the next. One that comes with closing is told from it by asking
        // later.
        Thread.interrupted();
        Runnable work = closed.getAsBoolean() ? null : queue.poll();
        if (work == null) {
            busy--;
        }
        return work;
    }

    /** Work threw, and took its thread along: another one does the rest. */
    private void threw() {
        synchronized (this) {
            if (closed.getAsBoolean() || queue.isEmpty()) {
                busy--;
                return;
            }
        }
        begin();
    }

    private synchronized void leave() {
        busy--;
    }
}
