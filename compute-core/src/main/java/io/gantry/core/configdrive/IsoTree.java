package io.gantry.core.configdrive;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** One of the two trees of an {@link IsoImage}: its directories, and the path tables that list them. */
final class IsoTree {
    private static final byte FILE = 0;
    private static final byte DIRECTORY = 2;
    private static final byte[] SELF = {0};
    private static final byte[] PARENT = {1};

    private final IsoNames names;
    private final List<IsoDirectory> directories;
    private final IdentityHashMap<IsoDirectory, IsoExtent> extents = new IdentityHashMap<>();
    private final IsoExtent pathTable;
    private final int end;

    /**
     * Lays a tree out.
     *
     * @param sector where it begins
     */
    IsoTree(IsoNames names, IsoDirectory root, int sector) {
        this.names = names;
        this.directories = root.all();
        int bytes = directories.stream()
                .mapToInt(directory -> pathEntryLength(identifier(directory)))
                .sum();
        this.pathTable = new IsoExtent(sector, bytes);
        int next = pathTable.end() + IsoExtent.sectors(bytes); // the big-endian one follows
        for (IsoDirectory directory : directories) {
            int sectors = IsoExtent.sectors(recordsLength(directory));
            extents.put(directory, new IsoExtent(next, sectors * IsoExtent.SECTOR));
            next += sectors;
        }
        this.end = next;
    }

    IsoNames names() {
        return names;
    }

    int end() {
        return end;
    }

    private IsoExtent extent(IsoDirectory directory) {
        return requireNonNull(extents.get(directory));
    }

    private byte[] identifier(IsoDirectory directory) {
        return directory.parent == null ? SELF : names.directory(directory.name);
    }

    private static int pathEntryLength(byte[] identifier) {
        return 8 + identifier.length + (identifier.length & 1);
    }

    private static int recordLength(byte[] identifier) {
        return 33 + identifier.length + (1 - (identifier.length & 1));
    }

    private int recordsLength(IsoDirectory directory) {
        int length = 2 * recordLength(SELF);
        for (byte[] identifier : entries(directory).keySet()) {
            length = place(length, recordLength(identifier)) + recordLength(identifier);
        }
        return length;
    }

    /** {@return where the next record begins: none lies across two sectors} */
    private static int place(int place, int length) {
        int room = IsoExtent.SECTOR - place % IsoExtent.SECTOR;
        return room < length ? place + room : place;
    }

    /** {@return what is in a directory, in its order: directories and the contents of files} */
    private Map<byte[], Object> entries(IsoDirectory directory) {
        Map<byte[], Object> entries = new TreeMap<>(Arrays::compareUnsigned);
        directory.directories.forEach((name, child) -> entries.put(names.directory(name), child));
        directory.files.forEach((name, content) -> entries.put(names.file(name), content));
        return entries;
    }

    /** Writes what a descriptor says of the tree: its path tables and its root. */
    void describe(ByteBuffer out) {
        both32(out, pathTable.bytes());
        out.order(ByteOrder.LITTLE_ENDIAN).putInt(pathTable.sector()).putInt(0);
        out.order(ByteOrder.BIG_ENDIAN).putInt(pathTable.end()).putInt(0);
        record(out, SELF, extent(directories.get(0)), DIRECTORY);
    }

    /**
     * Writes it.
     *
     * @param contents where the contents of files are
     */
    void write(ByteBuffer out, Function<byte[], IsoExtent> contents) {
        pathTable(out.position(pathTable.sector() * IsoExtent.SECTOR).order(ByteOrder.LITTLE_ENDIAN));
        pathTable(out.position(pathTable.end() * IsoExtent.SECTOR).order(ByteOrder.BIG_ENDIAN));
        for (IsoDirectory directory : directories) {
            IsoExtent own = extent(directory);
            int start = own.sector() * IsoExtent.SECTOR;
            record(out.position(start), SELF, own, DIRECTORY);
            record(out, PARENT, directory.parent == null ? own : extent(directory.parent), DIRECTORY);
            entries(directory).forEach((identifier, entry) -> {
                out.position(start + place(out.position() - start, recordLength(identifier)));
                if (entry instanceof IsoDirectory child) {
                    record(out, identifier, extent(child), DIRECTORY);
                } else {
                    record(out, identifier, contents.apply((byte[]) entry), FILE);
                }
            });
        }
    }

    private void pathTable(ByteBuffer out) {
        for (IsoDirectory directory : directories) {
            byte[] identifier = identifier(directory);
            int parent = directory.parent == null ? 0 : directories.indexOf(directory.parent);
            out.put((byte) identifier.length)
                    .put((byte) 0)
                    .putInt(extent(directory).sector())
                    .putShort((short) (parent + 1))
                    .put(identifier)
                    .position(out.position() + (identifier.length & 1));
        }
    }

    private static void record(ByteBuffer out, byte[] identifier, IsoExtent extent, byte flags) {
        int start = out.position();
        int length = recordLength(identifier);
        out.put((byte) length).put((byte) 0);
        both32(out, extent.sector());
        both32(out, extent.bytes());
        out.position(out.position() + 7).put(flags).put((byte) 0).put((byte) 0); // without a date
        both16(out, 1);
        out.put((byte) identifier.length).put(identifier).position(start + length);
    }

    static void both32(ByteBuffer out, int value) {
        out.order(ByteOrder.LITTLE_ENDIAN).putInt(value);
        out.order(ByteOrder.BIG_ENDIAN).putInt(value);
    }

    static void both16(ByteBuffer out, int value) {
        out.order(ByteOrder.LITTLE_ENDIAN).putShort((short) value);
        out.order(ByteOrder.BIG_ENDIAN).putShort((short) value);
    }
}
