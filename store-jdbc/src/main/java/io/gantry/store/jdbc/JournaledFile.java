package io.gantry.store.jdbc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.h2.store.fs.FileBaseDefault;
import org.jspecify.annotations.Nullable;

/**
 * A file whose content after a loss of power, or of the process, is that of its last {@link #sync}, or of the one under
 * way: never a mixture, and never one between two calls of {@link #mark}. What is written stays in memory until
 * {@code sync} has brought it to the journal's disk as one batch; only then it goes to the file itself. Opening repeats
 * what the journal has.
 *
 * <p>H2 alone does not get by without: its pages have no checksums of their content, so it cannot tell a piece of its
 * file that reached the disk in part, or before one that was written earlier. And between two writes of one commit its
 * file may have lost the old state's beginning, and not have the new one's yet. {@code force} does nothing, because H2
 * calls it between writes that belong together.
 */
// H2's default for a channel locks it for each call; here readers run beside each other.
@SuppressWarnings("UnsynchronizedOverridesSynchronized")
final class JournaledFile extends FileBaseDefault {
    private static final int BLOCK = Journal.BLOCK;

    /** When the journal is begun anew, in bytes: what opening repeats at most, more or less. */
    private static final long JOURNAL_BYTES = 4L << 20;

    private final FileChannel file;
    private final Journal journal;
    private final Runnable onClose;
    private final ReadWriteLock content = new ReentrantReadWriteLock();
    private final Object syncing = new Object();

    /** Written since the last mark. */
    private Changes latest;

    /** Up to the last mark, and not yet being brought to disk. */
    private Changes marked;

    /** On their way to disk. */
    private Changes leaving;

    private @Nullable IOException broken;

    private JournaledFile(FileChannel file, Journal journal, Runnable onClose) throws IOException {
        this.onClose = onClose;
        this.file = file;
        this.journal = journal;
        this.latest = new Changes(file.size());
        this.marked = new Changes(file.size());
        this.leaving = new Changes(file.size());
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
        if (file.size() > batch.cut()) {
            file.truncate(batch.cut());
        }
        for (Map.Entry<Long, byte[]> entry : batch.blocks().entrySet()) {
            long position = entry.getKey() * BLOCK;
            int length = (int) Math.max(0, Math.min(BLOCK, batch.size() - position));
            ByteBuffer block = ByteBuffer.wrap(entry.getValue(), 0, length);
            while (block.hasRemaining()) {
                file.write(block, position + block.position());
            }
        }
    }

    @Override
    public long size() {
        content.readLock().lock();
        try {
            return latest.size();
        } finally {
            content.readLock().unlock();
        }
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        content.readLock().lock();
        try {
            if (position >= latest.size()) {
                return -1;
            }
            long end = position + Math.min(target.remaining(), latest.size() - position);
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
        byte[] block = latest.block(number);
        if (block == null) {
            block = marked.block(number);
        }
        return block == null ? leaving.block(number) : block;
    }

    private long nextInMemory(long from, long end) {
        if (latest.isEmpty() && marked.isEmpty() && leaving.isEmpty()) {
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
        content.writeLock().lock();
        try {
            requireWorking();
            long at = position;
            while (source.hasRemaining()) {
                int part = (int) Math.min(source.remaining(), nextBlock(at) - at);
                source.get(blockToWrite(at / BLOCK, part == BLOCK), (int) (at % BLOCK), part);
                at += part;
            }
            latest.grow(at);
            return length;
        } finally {
            content.writeLock().unlock();
        }
    }

    private byte[] blockToWrite(long number, boolean whole) throws IOException {
        byte[] block = latest.changed(number);
        if (block == null) {
            block = new byte[BLOCK];
            byte[] before = inMemory(number);
            if (before != null) {
                System.arraycopy(before, 0, block, 0, BLOCK);
            } else if (!whole) {
                readDisk(ByteBuffer.wrap(block), number * BLOCK, BLOCK);
            }
            latest.put(number, block);
        }
        return block;
    }

    @Override
    protected void implTruncate(long newSize) throws IOException {
        content.writeLock().lock();
        try {
            requireWorking();
            if (newSize >= latest.size()) {
                return;
            }
            int kept = (int) (newSize % BLOCK);
            if (kept > 0) {
                byte[] last = blockToWrite(newSize / BLOCK, false);
                Arrays.fill(last, kept, BLOCK, (byte) 0);
                latest.cut(newSize - kept + BLOCK);
            } else {
                latest.cut(newSize);
            }
            latest.resize(newSize);
        } finally {
            content.writeLock().unlock();
        }
    }

    /** Does nothing; see above. */
    @Override
    public void force(boolean metaData) {}

    /** Says that the file as written so far may be found after a loss of power: nothing is half written. */
    void mark() {
        content.writeLock().lock();
        try {
            marked.add(latest);
            latest = new Changes(marked.size());
        } finally {
            content.writeLock().unlock();
        }
    }

    /** Brings to disk what was written up to the last mark. */
    void sync() throws IOException {
        synchronized (syncing) {
            Changes changes = beginSync();
            if (changes.isEmpty()) {
                return;
            }
            try {
                Journal.Batch batch = changes.batch();
                journal.append(batch);
                endSync(batch);
                if (journal.size() > JOURNAL_BYTES) {
                    file.force(true);
                    journal.restart();
                }
            } catch (IOException e) {
                throw fail(e);
            }
        }
    }

    private Changes beginSync() throws IOException {
        content.writeLock().lock();
        try {
            requireWorking();
            leaving = marked;
            marked = new Changes(leaving.size());
            return leaving;
        } finally {
            content.writeLock().unlock();
        }
    }

    private void endSync(Journal.Batch batch) throws IOException {
        content.writeLock().lock();
        try {
            apply(file, batch);
            leaving = new Changes(batch.size());
        } finally {
            content.writeLock().unlock();
        }
    }

    /** After a failure the system may report success for what it dropped: nothing is written any more. */
    IOException fail(IOException e) {
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

    @Override
    public FileLock tryLock(long position, long length, boolean shared) throws IOException {
        return file.tryLock(position, length, shared);
    }

    /** What was written after the last mark is dropped: H2 also closes its file when it gives up in the middle. */
    @Override
    protected void implCloseChannel() throws IOException {
        onClose.run();
        try (file;
                journal) {
            if (broken == null) {
                sync();
                file.force(true);
                journal.restart();
            }
        }
    }
}
