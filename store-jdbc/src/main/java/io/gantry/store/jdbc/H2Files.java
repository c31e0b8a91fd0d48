package io.gantry.store.jdbc;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import org.h2.message.DbException;
import org.h2.store.fs.FilePath;

/**
 * The files of an H2 store: databases that replace one another, each with a number, and the file that says which one
 * counts. That one is a journal without batches, whose generation is the number: it changes as a whole or not at all.
 */
final class H2Files implements Closeable {
    /** Brings the names of files that were created to disk. */
    @FunctionalInterface
    interface Entries {
        void sync() throws IOException;
    }

    private static final String CURRENT = "state.current";
    private static final String DATABASE = "state-";

    private final String prefix;
    private final Entries entries;
    private final Journal current;

    private H2Files(String prefix, Entries entries, Journal current) {
        this.prefix = prefix;
        this.entries = entries;
        this.current = current;
    }

    /**
     * Finds the files in a place, and removes what an earlier process left there half done.
     *
     * @param prefix how H2 names the place; the files' names are appended
     */
    static H2Files open(String prefix, Entries entries) throws IOException {
        FilePath pointer = FilePath.get(prefix + CURRENT);
        if (!pointer.exists() && hasDatabase(pointer)) {
            throw new IOException("The file " + CURRENT + " is missing; bring back all files together");
        }
        FileChannel file = pointer.open("rw");
        try {
            entries.sync();
            H2Files files = new H2Files(prefix, entries, Journal.open(file));
            files.removeOthers(pointer);
            if (!files.isNew()
                    && !FilePath.get(files.database() + JournaledFilePath.DATABASE_SUFFIX)
                            .exists()) {
                throw new IOException("The files " + files.database() + " are missing; bring back all files together");
            }
            return files;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static boolean hasDatabase(FilePath pointer) {
        return pointer.getParent().newDirectoryStream().stream()
                .anyMatch(file -> file.getName().startsWith(DATABASE));
    }

    private void removeOthers(FilePath pointer) throws IOException {
        String mine = DATABASE + current.generation() + ".";
        for (FilePath file : pointer.getParent().newDirectoryStream()) {
            if (file.getName().startsWith(DATABASE) && !file.getName().startsWith(mine)) {
                delete(file);
            }
        }
    }

    /** {@return whether no database counts yet} */
    boolean isNew() {
        return !current.exists();
    }

    /** {@return the name of the database that counts, without suffix} */
    String database() {
        return prefix + DATABASE + current.generation();
    }

    /** {@return the name of the database that counts after {@link #advance}, without suffix} */
    String next() {
        return prefix + DATABASE + (current.generation() + 1);
    }

    /** Brings the names of the next database's files to disk. */
    void syncEntries() throws IOException {
        entries.sync();
    }

    /** Makes the next database the one that counts; all of it is on disk, and its files' names. */
    void advance() throws IOException {
        current.restart();
    }

    /** Removes the files of a database that is closed. */
    static void remove(String database) throws IOException {
        FilePath file = FilePath.get(database + JournaledFilePath.DATABASE_SUFFIX);
        delete(file);
        delete(FilePath.get(file + JournaledFilePath.SUFFIX));
    }

    private static void delete(FilePath file) throws IOException {
        try {
            file.delete();
        } catch (DbException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        current.close();
    }
}
