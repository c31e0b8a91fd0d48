package io.gantry.store.jdbc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/** A disk in memory below H2 whose writes and forces a test can hold up or let fail. */
public final class FaultyDisk extends FilePathWrapper {
    private static final String SCHEME = "faulty";
    private static final Map<String, Faults> FAULTS = new ConcurrentHashMap<>();

    /** For H2, which makes it by reflection. */
    public FaultyDisk() {}

    /** Is asked before each write and each force; names are those of files, without their place. */
    interface Faults {
        /** Throws to let a write fail. */
        default void write(String file) throws IOException {}

        /** Throws to let a force fail. */
        default void force(String file) throws IOException {}
    }

    /** {@return how names of files on a disk begin} */
    static String prefix(String disk, Faults faults) {
        FilePath.register(new FaultyDisk());
        FAULTS.put(disk, faults);
        return SCHEME + ":memFS:/" + disk + "/";
    }

    /** {@return the sum of the sizes of a disk's files} */
    static long size(String disk) {
        return FilePath.get("memFS:/" + disk).newDirectoryStream().stream()
                .mapToLong(FilePath::size)
                .sum();
    }

    static boolean exists(String disk, String file) {
        return FilePath.get("memFS:/" + disk + "/" + file).exists();
    }

    static void forget(String disk) {
        FAULTS.remove(disk);
        LossyDisk.forget(disk);
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        String disk = name.substring((SCHEME + ":memFS:/").length(), name.lastIndexOf('/'));
        Faults faults = FAULTS.getOrDefault(disk, new Faults() {});
        return new Faulty(getBase().open(mode), name.substring(name.lastIndexOf('/') + 1), faults);
    }

    private static final class Faulty extends FileBaseDefault {
        private final FileChannel base;
        private final String file;
        private final Faults faults;

        Faulty(FileChannel base, String file, Faults faults) {
            this.base = base;
            this.file = file;
            this.faults = faults;
        }

        @Override
        public synchronized int read(ByteBuffer target, long position) throws IOException {
            return base.read(target, position);
        }

        @Override
        public synchronized int write(ByteBuffer source, long position) throws IOException {
            faults.write(file);
            return base.write(source, position);
        }

        @Override
        public long size() throws IOException {
            return base.size();
        }

        @Override
        public void force(boolean metaData) throws IOException {
            faults.force(file);
            base.force(metaData);
        }

        @Override
        protected void implTruncate(long size) throws IOException {
            base.truncate(size);
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
