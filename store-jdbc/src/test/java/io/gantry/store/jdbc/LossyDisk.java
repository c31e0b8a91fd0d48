package io.gantry.store.jdbc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;
import org.jspecify.annotations.Nullable;

/**
 * A disk below H2 that loses power. Files are in memory; each write, truncation and force is recorded, and the disk can
 * be rebuilt as it might be found had the power failed after any of them.
 *
 * <p>What a force covered is there. Of the rest every sector is there in one of the states that it was in since: a disk
 * and its caches write sectors in any order, and skip those that are written again. A file that was created or removed
 * since the names were last forced may be there or not.
 */
public final class LossyDisk extends FilePathWrapper {
    /** What a disk writes as one; smaller than most do, for more ways to be torn. */
    private static final int SECTOR = 512;

    private static final String SCHEME = "lossy";

    /** The file of a call that forces all names, and the position of one that removes a file. */
    private static final String NAMES = "";

    private static final long REMOVAL = -1;
    private static final Map<String, Recording> RECORDINGS = new ConcurrentHashMap<>();

    /** For H2, which makes it by reflection. */
    public LossyDisk() {}

    /** What becomes of writes that no force covered. */
    enum Unforced {
        /** All are lost. */
        LOST,
        /** Each sector for itself is kept or lost, in any of the states that it was in. */
        TORN
    }

    /** Starts to record a new, empty disk; its files' names begin with the prefix that is returned. */
    static String prefix(String disk, Recording recording) {
        FilePath.register(new LossyDisk());
        RECORDINGS.put(disk, recording);
        return SCHEME + ":memFS:/" + disk + "/";
    }

    static void forget(String disk) {
        RECORDINGS.remove(disk);
        for (FilePath file : FilePath.get("memFS:/" + disk).newDirectoryStream()) {
            file.delete();
        }
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        Recording recording = RECORDINGS.get(disk());
        if (recording != null && !exists()) {
            recording.add(new Call(file(), 0, ByteBuffer.allocate(0), false));
        }
        FileChannel base = getBase().open(mode);
        return recording == null ? base : new Recorded(base, file(), recording);
    }

    @Override
    public void delete() {
        boolean existed = exists();
        super.delete();
        Recording recording = RECORDINGS.get(disk());
        if (existed && recording != null) {
            recording.add(new Call(file(), REMOVAL, null, false));
        }
    }

    private String disk() {
        return name.substring((SCHEME + ":memFS:/").length(), name.lastIndexOf('/'));
    }

    private String file() {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /** One call: bytes for a write, none for a force; a truncation has a size. */
    private record Call(
            String file, long position, @Nullable ByteBuffer bytes, boolean force) {
        boolean writes(String name) {
            return file.equals(name) && bytes != null && bytes.hasRemaining();
        }
    }

    /** What happened on a disk, and with it what else is to be told in that order. */
    static final class Recording {
        private final List<Call> calls = new ArrayList<>();

        private synchronized void add(Call call) {
            calls.add(call);
        }

        /** The names of all files are on disk now. */
        void forceNames() {
            add(new Call(NAMES, 0, null, true));
        }

        /** {@return after how many calls a file was written to} */
        synchronized List<Integer> writesTo(String file) {
            return IntStream.range(0, calls.size())
                    .filter(i -> calls.get(i).writes(file))
                    .boxed()
                    .toList();
        }

        /** {@return how many calls there were so far} */
        synchronized int now() {
            return calls.size();
        }

        /**
         * Goes through the calls up to each of some points.
         *
         * @param points in order
         * @param found is given the disk as it was after so many calls
         */
        void replay(List<Integer> points, Found found) throws Exception {
            Map<String, Contents> files = new TreeMap<>();
            int done = 0;
            for (int point : points) {
                List<Call> next;
                synchronized (this) {
                    next = List.copyOf(calls.subList(done, point));
                }
                for (Call call : next) {
                    apply(files, call);
                }
                done = point;
                found.at(point, new Disk(files));
            }
        }
    }

    private static void apply(Map<String, Contents> files, Call call) {
        if (call.file.equals(NAMES)) {
            files.values().removeIf(file -> file.removed);
            files.values().forEach(file -> file.named = true);
        } else {
            Contents file = files.computeIfAbsent(call.file, name -> new Contents());
            if (file.removed) {
                file = new Contents();
                files.put(call.file, file);
            }
            file.apply(call);
        }
    }

    /** Looks at a disk as it was after some calls. */
    @FunctionalInterface
    interface Found {
        void at(int point, Disk disk) throws Exception;
    }

    /** A disk, and all that it may be after a loss of power. */
    record Disk(Map<String, Contents> files) {
        void losePower(Unforced unforced, Random random, String disk) throws IOException {
            for (Map.Entry<String, Contents> file : files.entrySet()) {
                if (!file.getValue().isFound(unforced, random)) {
                    continue;
                }
                FilePath path = FilePath.get("memFS:/" + disk + "/" + file.getKey());
                try (FileChannel channel = path.open("rw")) {
                    file.getValue().write(channel, unforced, random);
                }
            }
        }
    }

    /** A file: what is on disk for sure, and the states that each sector was in since. */
    static final class Contents {
        private final TreeMap<Long, List<byte[]>> sectors = new TreeMap<>();
        private final List<Long> sizes = new ArrayList<>(List.of(0L));
        private boolean named;
        private boolean removed;

        private boolean isFound(Unforced unforced, Random random) {
            boolean changed = !named || removed;
            boolean kept = unforced == Unforced.TORN && random.nextBoolean();
            return (changed && kept) ? !removed : named;
        }

        private void apply(Call call) {
            long latest = sizes.get(sizes.size() - 1);
            if (call.force) {
                sectors.values()
                        .forEach(states -> states.subList(0, states.size() - 1).clear());
                sizes.subList(0, sizes.size() - 1).clear();
            } else if (call.position == REMOVAL) {
                removed = true;
            } else if (call.bytes == null) {
                sizes.add(Math.min(latest, call.position));
            } else {
                write(call.position, call.bytes);
                sizes.add(Math.max(latest, call.position + call.bytes.capacity()));
            }
        }

        private void write(long position, ByteBuffer bytes) {
            int done = 0;
            while (done < bytes.capacity()) {
                long number = (position + done) / SECTOR;
                int offset = (int) ((position + done) % SECTOR);
                int part = Math.min(SECTOR - offset, bytes.capacity() - done);
                List<byte[]> states = sectors.computeIfAbsent(number, n -> new ArrayList<>(List.of(new byte[SECTOR])));
                byte[] next = states.get(states.size() - 1).clone();
                bytes.get(done, next, offset, part);
                states.add(next);
                done += part;
            }
        }

        private void write(FileChannel channel, Unforced unforced, Random random) throws IOException {
            boolean lost = unforced == Unforced.LOST;
            long size = sizes.get(lost ? 0 : random.nextInt(sizes.size()));
            // Half of the time most is kept, or most is lost: the holes are few then.
            double kept = random.nextBoolean() ? random.nextDouble() : random.nextBoolean() ? 0.95 : 0.05;
            for (Map.Entry<Long, List<byte[]>> sector : sectors.entrySet()) {
                List<byte[]> states = sector.getValue();
                int state = 0;
                if (!lost && states.size() > 1 && random.nextDouble() < kept) {
                    state = 1 + random.nextInt(states.size() - 1);
                }
                long at = sector.getKey() * SECTOR;
                if (at < size) {
                    int length = (int) Math.min(SECTOR, size - at);
                    channel.write(ByteBuffer.wrap(states.get(state), 0, length), at);
                }
            }
            if (channel.size() < size) {
                channel.write(ByteBuffer.wrap(new byte[1]), size - 1);
            }
        }
    }

    private static final class Recorded extends FileBaseDefault {
        private final FileChannel base;
        private final String file;
        private final Recording recording;

        Recorded(FileChannel base, String file, Recording recording) {
            this.base = base;
            this.file = file;
            this.recording = recording;
        }

        @Override
        public synchronized int read(ByteBuffer target, long position) throws IOException {
            return base.read(target, position);
        }

        @Override
        public synchronized int write(ByteBuffer source, long position) throws IOException {
            byte[] bytes = new byte[source.remaining()];
            source.duplicate().get(bytes);
            int count = base.write(source, position);
            recording.add(new Call(file, position, ByteBuffer.wrap(bytes), false));
            return count;
        }

        @Override
        public long size() throws IOException {
            return base.size();
        }

        @Override
        public void force(boolean metaData) {
            recording.add(new Call(file, 0, null, true));
        }

        @Override
        protected void implTruncate(long size) throws IOException {
            base.truncate(size);
            recording.add(new Call(file, size, null, false));
        }

        @Override
        public FileLock tryLock(long position, long length, boolean shared) throws IOException {
            return base.tryLock(position, length, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            base.close();
        }
    }
}
