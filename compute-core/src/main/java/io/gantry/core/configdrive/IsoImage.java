package io.gantry.core.configdrive;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes small trees of files as ISO 9660 (ECMA-119) with Joliet: one copy of the contents, and two trees that name them.
 * Readers without Joliet, which are rare, see the names in upper case. All dates are unset, so that equal files yield equal
 * images.
 *
 * @see <a href="https://ecma-international.org/publications-and-standards/standards/ecma-119/">ECMA-119</a>
 */
final class IsoImage {
    private static final int SYSTEM_AREA = 16;
    private static final int DESCRIPTORS = 3; // one for each tree, and a terminator
    private static final byte[] STANDARD = "CD001".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NO_DATE = "0000000000000000\0".getBytes(StandardCharsets.US_ASCII);
    /** Images end at a whole page, so that unbuffered readers with large sectors get all of it. */
    private static final int ALIGNMENT = 4096;

    private final List<IsoTree> trees;
    private final IdentityHashMap<byte[], IsoExtent> contents = new IdentityHashMap<>();
    private final ByteBuffer out;

    private IsoImage(IsoDirectory root) {
        IsoTree primary = new IsoTree(IsoNames.PRIMARY, root, SYSTEM_AREA + DESCRIPTORS);
        IsoTree joliet = new IsoTree(IsoNames.JOLIET, root, primary.end());
        trees = List.of(primary, joliet);
        int next = joliet.end();
        for (IsoDirectory directory : root.all()) {
            for (byte[] content : directory.files.values()) {
                IsoExtent extent = new IsoExtent(next, content.length);
                contents.put(content, extent);
                next = extent.end();
            }
        }
        int bytes = next * IsoExtent.SECTOR;
        out = ByteBuffer.allocate((bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    }

    /**
     * {@return an image}
     *
     * @param label the volume's label, up to 16 ASCII characters
     * @param files contents by paths such as {@code a/b/file}, of lower-case letters and digits; a file's name may have
     *     {@code _} and one dot, too
     */
    static byte[] write(String label, Map<String, byte[]> files) {
        IsoImage image = new IsoImage(IsoDirectory.tree(files));
        image.descriptors(label);
        image.trees.forEach(tree -> tree.write(image.out, image::extent));
        image.contents.forEach((content, extent) -> image.at(extent.sector()).put(content));
        return image.out.array();
    }

    private IsoExtent extent(byte[] content) {
        return requireNonNull(contents.get(content));
    }

    private ByteBuffer at(int sector) {
        return out.position(sector * IsoExtent.SECTOR);
    }

    private void descriptors(String label) {
        int sector = SYSTEM_AREA;
        for (IsoTree tree : trees) {
            descriptor(at(sector++), tree, label);
        }
        at(sector).put((byte) 255).put(STANDARD).put((byte) 1);
    }

    private static void descriptor(ByteBuffer out, IsoTree tree, String label) {
        int start = out.position();
        IsoNames names = tree.names();
        out.put(names.descriptorType()).put(STANDARD).put((byte) 1).put((byte) 0);
        out.put(names.field("", 32)).put(names.field(label, 32)).position(start + 80);
        IsoTree.both32(out, out.capacity() / IsoExtent.SECTOR);
        out.put(names.escapeSequence()).position(start + 120);
        IsoTree.both16(out, 1); // of one volume
        IsoTree.both16(out, 1); // the first
        IsoTree.both16(out, IsoExtent.SECTOR);
        tree.describe(out);
        for (int field = 0; field < 4; field++) {
            out.put(names.field("", 128)); // set, publisher, preparer, application
        }
        for (int field = 0; field < 3; field++) {
            out.put(names.field("", 37)); // files with copyright, abstract, bibliography
        }
        for (int date = 0; date < 4; date++) {
            out.put(NO_DATE);
        }
        out.put((byte) 1);
    }
}
