package io.gantry.core.configdrive;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A directory of an {@link IsoImage}. Not safe for use by several threads. */
final class IsoDirectory {
    /** Such names stay different in upper case, and fit both standards as they are. */
    private static final Pattern FILE = Pattern.compile("(?=.{1,27}$)[a-z0-9_]+(\\.[a-z0-9_]+)?");
    /** These keep their order in upper case, too. */
    private static final Pattern DIRECTORY = Pattern.compile("[a-z0-9]{1,31}");

    final String name;
    final @Nullable IsoDirectory parent;
    final SortedMap<String, IsoDirectory> directories = new TreeMap<>();
    final SortedMap<String, byte[]> files = new TreeMap<>();

    private IsoDirectory(String name, @Nullable IsoDirectory parent) {
        this.name = name;
        this.parent = parent;
    }

    /**
     * {@return the root of a tree}
     *
     * @param files contents by paths such as {@code a/b/file}
     */
    static IsoDirectory tree(Map<String, byte[]> files) {
        IsoDirectory root = new IsoDirectory("", null);
        files.forEach((path, content) -> {
            String[] words = path.split("/", -1);
            IsoDirectory directory = root;
            for (int i = 0; i < words.length - 1; i++) {
                IsoDirectory parent = directory;
                directory = directory.directories.computeIfAbsent(
                        checked(words[i], DIRECTORY), name -> new IsoDirectory(name, parent));
            }
            directory.files.put(checked(words[words.length - 1], FILE), content);
        });
        return root;
    }

    private static String checked(String name, Pattern allowed) {
        if (!allowed.matcher(name).matches()) {
            throw new IllegalArgumentException("No name for a file or directory of such an image: '" + name + "'");
        }
        return name;
    }

    /** {@return all directories in the order of a path table: level by level, in the order of parents and names} */
    List<IsoDirectory> all() {
        List<IsoDirectory> all = new ArrayList<>();
        Deque<IsoDirectory> next = new ArrayDeque<>(List.of(this));
        while (!next.isEmpty()) {
            IsoDirectory directory = next.remove();
            all.add(directory);
            next.addAll(directory.directories.values());
        }
        return all;
    }
}
