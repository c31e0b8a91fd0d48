package io.gantry.driver.sim;

import io.gantry.instance.InstanceId;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.CallContext;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a target has prepared for a guest that is to come: an empty memory that fills. Its lock decides between the
 * arrival of the guest and the target's abandoning it: only one of them happens. Taken after the guest's lock.
 */
final class Incoming {
    private final InstanceId guest;
    private final long ticket;
    private final PageTable copy;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable PrecopyJob job;
    private boolean closed;
    private OperationId operation;
    private long epoch;

    Incoming(InstanceId guest, long ticket, PageTable copy, CallContext context) {
        this.guest = guest;
        this.ticket = ticket;
        this.copy = copy;
        this.operation = context.operation();
        this.epoch = context.epoch();
    }

    long ticket() {
        return ticket;
    }

    /** Lets a call go on, unless a later operation or owner was here before. */
    void admit(CallContext context) {
        lock.lock();
        try {
            Guest.requireCurrent(guest, context, operation, epoch);
            operation = context.operation();
            epoch = context.epoch();
        } finally {
            lock.unlock();
        }
    }

    /** The job that fills it: the given one if it is the first, otherwise the one that came before; null if closed. */
    @Nullable
    PrecopyJob claim(PrecopyJob first) {
        lock.lock();
        try {
            if (closed) {
                return null;
            }
            if (job == null) {
                job = first;
            }
            return job;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes over pages as they are now, and takes them from the set of those to send; false if the target has given up.
     */
    boolean receive(PageTable from, PageBits pages, int count) {
        lock.lock();
        try {
            for (int i = 0; i < count && !closed; i++) {
                int page = pages.next(0);
                pages.remove(page);
                long[] words = from.find(page);
                if (words == null) {
                    throw new IllegalStateException("page " + page + " of " + guest + " vanished");
                }
                System.arraycopy(words, 0, copy.findOrAdd(page), 0, PageTable.WORDS);
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** The guest arrives, unless the target has given up: its memory, or null. */
    @Nullable
    PageTable arrive() {
        lock.lock();
        try {
            if (closed) {
                return null;
            }
            closed = true;
            return copy;
        } finally {
            lock.unlock();
        }
    }

    /** Gives up, and frees the memory; does nothing if the guest has arrived. */
    void abandon() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                copy.free();
            }
        } finally {
            lock.unlock();
        }
    }
}
