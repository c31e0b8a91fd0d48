package io.gantry.store.jdbc;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;
import org.jspecify.annotations.Nullable;

/**
 * For H2 only, which makes it by reflection and can reach it only if it is public: puts H2's database files behind a
 * journal that keeps them whole when power fails. H2's temporary files stay as they are.
 */
public final class JournaledFilePath extends FilePathWrapper {
    /** How H2's database files end. */
    static final String DATABASE_SUFFIX = ".mv.db";

    /** How the journal's file is named after the database's file. */
    static final String SUFFIX = ".journal";

    private static final String SCHEME = "gantryjournal";

    /** H2 makes paths and opens files itself, as told by a name; this is the only way to get at what it opened. */
    private static final Map<String, JournaledFile> OPEN = new ConcurrentHashMap<>();

    /** For H2. */
    public JournaledFilePath() {}

    /** Makes the scheme known to H2, and returns the prefix of names in it. */
    static String register() {
        FilePath.register(new JournaledFilePath());
        return SCHEME + ":";
    }

    /** {@return the file that H2 has opened for a database; null if it has not} */
    static @Nullable JournaledFile opened(String files) {
        return OPEN.get(key(FilePath.get(files + DATABASE_SUFFIX)));
    }

    private static String key(FilePath base) {
        return base.toRealPath().toString();
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        FilePath base = getBase();
        if (!name.endsWith(DATABASE_SUFFIX) || mode.equals("r")) {
            return base.open(mode);
        }
        FileChannel journal = FilePath.get(base + SUFFIX).open("rw");
        try {
            String key = key(base);
            JournaledFile opened = JournaledFile.open(base.open(mode), journal, () -> OPEN.remove(key));
            OPEN.put(key, opened);
            return opened;
        } catch (IOException | RuntimeException e) {
            journal.close();
            throw e;
        }
    }
}
