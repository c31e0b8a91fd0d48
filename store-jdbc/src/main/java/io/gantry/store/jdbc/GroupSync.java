package io.gantry.store.jdbc;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Brings commits to disk in groups: who needs one there and finds nobody at it does it for all that committed so far;
 * who comes meanwhile waits, and one of those does it for all of them.
 */
final class GroupSync {
    /** What forces all that was committed before onto the disk. */
    @FunctionalInterface
    interface Disk {
        void force() throws Exception;
    }

    private final Disk disk;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private long begun;
    private long committed;
    private long durable;
    private boolean forcing;
    private @Nullable Exception broken;

    GroupSync(Disk disk) {
        this.disk = disk;
    }

    /** Notes that one more commit is about to become visible to others. */
    void committing() {
        lock.lock();
        try {
            begun++;
        } finally {
            lock.unlock();
        }
    }

    /** Notes that it is, or has failed. */
    void committed() {
        lock.lock();
        try {
            committed++;
        } finally {
            lock.unlock();
        }
    }

    /** {@return the number of the latest commit, which somebody may have seen} */
    long latest() {
        lock.lock();
        try {
            return begun;
        } finally {
            lock.unlock();
        }
    }

    /** {@return what the disk failed with; nothing is forced any more then} */
    @Nullable
    Exception broken() {
        lock.lock();
        try {
            return broken;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns when a commit is on disk.
     *
     * <p>A disk that failed is not tried again: the system may have dropped what it could not write, and report success
     * the next time.
     *
     * @return whether it is; false if the disk failed
     */
    boolean await(long commit) {
        lock.lock();
        try {
            while (durable < commit && broken == null) {
                if (forcing) {
                    ended.awaitUninterruptibly();
                } else {
                    forceAll();
                }
            }
            return durable >= commit;
        } finally {
            lock.unlock();
        }
    }

    private void forceAll() {
        long all = committed;
        forcing = true;
        lock.unlock();
        Exception failed = null;
        try {
            disk.force();
        } catch (Exception e) {
            failed = e;
        } finally {
            lock.lock();
            forcing = false;
            ended.signalAll();
        }
        if (failed == null) {
            durable = all;
        } else {
            broken = failed;
        }
    }
}
