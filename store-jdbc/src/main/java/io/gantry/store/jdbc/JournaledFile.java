package io.gantry.store.jdbc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.h2.store.fs.FileBaseDefault;
import org.jspecify.annotations.Nullable;

/**
 * A file whose content after a loss of power is that of its last {@code force}, or of a later one that was under way:
 * never a mixture. What is written stays in memory until {@code force} has brought it to the journal's disk as one batch;
 * only then it goes to the file itself. Opening repeats what the journal has.
 *
 * <p>H2 alone does not get by without: its pages have no checksums of their content, so it cannot tell a piece of its
 * file that reached the disk in part, or before one that was written earlier.
 */
// H2's default for a channel locks it for each call; here readers run beside each other.
@SuppressWarnings("UnsynchronizedOverridesSynchronized")
final class JournaledFile extends FileBaseDefault {
    private static final int BLOCK = Journal.BLOCK;

    /** When the journal is begun anew, in bytes: what opening repeats at most, more or less. */
    private static final long JOURNAL_BYTES = 4L << 20;

    /** When a writer that does not force is made to, in blocks in memory. */
    private static final int MOST_PENDING = 8192;

    private final FileChannel file;
    private final Journal journal;
    private final Runnable onClose;
    private final ReadWriteLock content = new ReentrantReadWriteLock();
    private final Object forcing = new Object();

    private Map<Long, byte[]> pending = new HashMap<>();
    private Map<Long, byte[]> inForce = Map.of();
    private long size;
    private @Nullable IOException broken;

    private JournaledFile(FileChannel file, Journal journal, Runnable onClose) throws IOException {
        this.onClose = onClose;
        this.file = file;
        this.journal = journal;
        this.size = file.size();
    }

    static JournaledFile open(FileChannel file, FileChannel journalFile, Runnable onClose) throws IOException {
        Journal journal = Journal.open(journalFile);
        if (!journal.exists() && file.size() > 0) {
            throw new IOException("The journal of the database is missing; bring back all files together");
        }
        journal.replay(batch -> apply(file, batch));
        if (!journal.exists() || journal.size() > 0) {
            file.force(true);
            journal.restart();
        }
        return new JournaledFile(file, journal, onClose);
    }

    private static void apply(FileChannel file, Journal.Batch batch) throws IOException {
        for (Map.Entry<Long, byte[]> entry : batch.blocks().entrySet()) {
            long position = entry.getKey() * BLOCK;
            int length = (int) Math.max(0, Math.min(BLOCK, batch.size() - position));
            ByteBuffer block = ByteBuffer.wrap(entry.getValue(), 0, length);
            while (block.hasRemaining()) {
                file.write(block, position + block.position());
            }
        }
        if (file.size() > batch.size()) {
            file.truncate(batch.size());
        }
    }

    @Override
    public long size() {
        content.readLock().lock();
        try {
            return size;
        } finally {
            content.readLock().unlock();
        }
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        content.readLock().lock();
        try {
            if (position >= size) {
                return -1;
            }
            long end = position + Math.min(target.remaining(), size - position);
            long at = position;
            while (at < end) {
                byte[] block = inMemory(at / BLOCK);
                int length = (int) (Math.min(end, block == null ? nextInMemory(at, end) : nextBlock(at)) - at);
                if (block == null) {
                    readDisk(target, at, length);
                } else {
                    target.put(block, (int) (at % BLOCK), length);
                }
                at += length;
            }
            return (int) (end - position);
        } finally {
            content.readLock().unlock();
        }
    }

    private byte @Nullable [] inMemory(long number) {
        byte[] block = pending.get(number);
        return block == null ? inForce.get(number) : block;
    }

    private long nextInMemory(long from, long end) {
        if (pending.isEmpty() && inForce.isEmpty()) {
            return end;
        }
        long at = nextBlock(from);
        while (at < end && inMemory(at / BLOCK) == null) {
            at += BLOCK;
        }
        return at;
    }

    private static long nextBlock(long at) {
        return (at / BLOCK + 1) * BLOCK;
    }

    /** Reads what the file has; beyond its end are zeros, up to what was written there. */
    private void readDisk(ByteBuffer target, long position, int length) throws IOException {
        int limit = target.limit();
        int begin = target.position();
        target.limit(begin + length);
        while (target.hasRemaining()) {
            if (file.read(target, position + target.position() - begin) < 0) {
                target.put(new byte[target.remaining()]);
            }
        }
        target.limit(limit);
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
        int length = source.remaining();
        boolean full;
        content.writeLock().lock();
        try {
            requireWorking();
            long at = position;
            while (source.hasRemaining()) {
                int part = (int) Math.min(source.remaining(), nextBlock(at) - at);
                source.get(blockToWrite(at / BLOCK, part == BLOCK), (int) (at % BLOCK), part);
                at += part;
            }
            size = Math.max(size, at);
            full = pending.size() >= MOST_PENDING;
        } finally {
            content.writeLock().unlock();
        }
        if (full) {
            force(false);
        }
        return length;
    }

    private byte[] blockToWrite(long number, boolean whole) throws IOException {
        byte[] block = pending.get(number);
        if (block == null) {
            block = new byte[BLOCK];
            byte[] before = inForce.get(number);
            if (before != null) {
                System.arraycopy(before, 0, block, 0, BLOCK);
            } else if (!whole) {
                readDisk(ByteBuffer.wrap(block), number * BLOCK, BLOCK);
            }
            pending.put(number, block);
        }
        return block;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        synchronized (forcing) {
            Journal.Batch batch = beginForce();
            if (batch.blocks().isEmpty()) {
                return;
            }
            try {
                journal.append(batch);
                endForce(batch);
                if (journal.size() > JOURNAL_BYTES) {
                    file.force(true);
                    journal.restart();
                }
            } catch (IOException e) {
                throw fail(e);
            }
        }
    }

    private Journal.Batch beginForce() throws IOException {
        content.writeLock().lock();
        try {
            requireWorking();
            inForce = pending;
            pending = new HashMap<>();
            return new Journal.Batch(size, new TreeMap<>(inForce));
        } finally {
            content.writeLock().unlock();
        }
    }

    private void endForce(Journal.Batch batch) throws IOException {
        content.writeLock().lock();
        try {
            apply(file, batch);
            inForce = Map.of();
        } finally {
            content.writeLock().unlock();
        }
    }

    /** After a failure the system may report success for what it dropped: nothing is written any more. */
    private IOException fail(IOException e) {
        content.writeLock().lock();
        try {
            broken = e;
            return e;
        } finally {
            content.writeLock().unlock();
        }
    }

    private void requireWorking() throws IOException {
        if (broken != null) {
            throw new IOException("The disk failed before: " + broken.getMessage(), broken);
        }
    }

    /** Rare, so it may keep others waiting for the disk. */
    @Override
    protected void implTruncate(long newSize) throws IOException {
        synchronized (forcing) {
            force(false);
            content.writeLock().lock();
            try {
                requireWorking();
                if (newSize < size) {
                    Journal.Batch cut = new Journal.Batch(newSize, new TreeMap<>());
                    journal.append(cut);
                    apply(file, cut);
                    pending.keySet().removeIf(number -> number * BLOCK >= newSize);
                    size = newSize;
                }
            } catch (IOException e) {
                throw fail(e);
            } finally {
                content.writeLock().unlock();
            }
        }
    }

    @Override
    public FileLock tryLock(long position, long length, boolean shared) throws IOException {
        return file.tryLock(position, length, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        onClose.run();
        try (file;
                journal) {
            if (broken == null) {
                force(true);
                file.force(true);
                journal.restart();
            }
        }
    }
}
