package io.gantry.jmh.remote;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One conversation on a trunk: frames that are read one after the other, or told to a listener in their order. */
final class Channel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Channel.class);

    private final Trunk trunk;
    private final int number;
    private final Deque<byte[]> frames = new ArrayDeque<>();
    private @Nullable Subscriber subscriber;
    private boolean broken;

    /** Told what comes, in order; one thing at a time if its executor is serial. */
    interface Listener {
        /** A frame has come. */
        void onFrame(byte[] frame);

        /** Nothing comes any more, although the conversation was not closed here. */
        void onBroken();
    }

    private record Subscriber(Listener listener, Executor executor) {}

    Channel(Trunk trunk, int number) {
        this.trunk = trunk;
        this.number = number;
    }

    int number() {
        return number;
    }

    void send(byte[] frame) throws IOException {
        trunk.send(number, frame);
    }

    /** From now on a listener is told; first of what has come and was not read. */
    synchronized void listen(Listener listener, Executor executor) {
        subscriber = new Subscriber(listener, executor);
        for (byte[] frame = frames.poll(); frame != null; frame = frames.poll()) {
            tell(subscriber, frame);
        }
        if (broken) {
            tell(subscriber, listener::onBroken);
        }
    }

    private static void tell(Subscriber to, byte[] frame) {
        tell(to, () -> to.listener().onFrame(frame));
    }

    private static void tell(Subscriber to, Runnable what) {
        try {
            to.executor().execute(what);
        } catch (RejectedExecutionException e) {
            LOG.debug("Whoever listened is closed", e);
        }
    }

    synchronized void receive(byte[] frame) {
        if (subscriber == null) {
            frames.add(frame);
            notifyAll();
        } else {
            tell(subscriber, frame);
        }
    }

    synchronized void breakOff() {
        broken = true;
        notifyAll();
        if (subscriber != null) {
            tell(subscriber, subscriber.listener()::onBroken);
        }
    }

    /** Uninterruptibly, as sockets are read. */
    private synchronized byte[] take() throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                byte[] frame = frames.poll();
                if (frame != null) {
                    return frame;
                }
                if (broken) {
                    throw new IOException("The connection broke");
                }
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** {@return what comes, as a stream} */
    InputStream input() {
        return new Frames();
    }

    /** Ends the conversation on this side: what still comes is nobody's. */
    @Override
    public void close() {
        trunk.forget(number);
    }

    private final class Frames extends InputStream {
        private byte[] frame = {};
        private int next;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (next == frame.length) {
                frame = take();
                next = 0;
            }
            int count = Math.min(length, frame.length - next);
            System.arraycopy(frame, next, into, offset, count);
            next += count;
            return count;
        }
    }
}
