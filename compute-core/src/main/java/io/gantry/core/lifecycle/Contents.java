package io.gantry.core.lifecycle;

import java.util.Base64;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Contents of files in the form in which requests and rows hold them. */
final class Contents {
    private Contents() {}

    /** {@return contents as base64, by their paths in order} */
    static SortedMap<String, String> encoded(Map<String, byte[]> files) {
        SortedMap<String, String> encoded = new TreeMap<>();
        files.forEach((path, content) -> encoded.put(path, Base64.getEncoder().encodeToString(content)));
        return encoded;
    }

    /** {@return how many bytes are encoded} */
    static long bytes(String base64) {
        return Base64.getDecoder().decode(base64).length;
    }
}
